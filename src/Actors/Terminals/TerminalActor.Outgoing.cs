using System.Collections.Immutable;
using Akka.Actor;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Terminals;

// What a terminal tells the connectors, its panel and people.
public sealed partial class TerminalActor
{
    private const int MaxButtonsWaiting = 64;

    private readonly Dictionary<SymbolName, SymbolFacts> _symbols = [];
    private readonly Dictionary<SymbolName, Price> _prices = [];
    private readonly Dictionary<ConnectorId, HostMessage.Status> _rows = [];
    private readonly Dictionary<string, ButtonPress> _buttons = new(StringComparer.Ordinal);

    private void Subscribe(SubscribeTerminals subscribe)
    {
        _subscribers[subscribe.Connector] = subscribe.Subscriber;
        subscribe.Subscriber.Tell(Picture());
    }

    private void Unsubscribe(UnsubscribeTerminals gone)
    {
        foreach (var (id, _) in _subscribers.Where(s => s.Value.Equals(gone.Subscriber)).ToArray())
        {
            _subscribers.Remove(id);
            if (_rows.Remove(id, out var row)) _session?.Send(row with { State = "stopped", Text = "not running" });
        }

        foreach (var (id, press) in _buttons.ToArray()) Follow(id, press.Without(gone.Subscriber));
    }

    private void PublishPicture()
    {
        if (_subscribers.Count == 0) return;
        var picture = Picture();
        foreach (var subscriber in _subscribers.Values) subscriber.Tell(picture);
    }

    private TerminalPicture Picture() => new(
        _terminal,
        _login?.Margin ?? _ledger.Margin,
        _login is null ? _ledger.Listed : [.. _login.Magics],
        _levels.Synchronised,
        _session is not null,
        _login?.StopOnCritical ?? false,
        _levels.Streams(),
        _levels.Entries(),
        _symbols.ToImmutableSortedDictionary(),
        _prices.ToImmutableSortedDictionary());

    private void ShowRow(PanelRow row)
    {
        var status = new HostMessage.Status(row.Connector.Value, row.Venue, row.State, row.Text, _version, "MIT");
        if (_rows.TryGetValue(row.Connector, out var shown) && shown == status) return;
        _rows[row.Connector] = status;
        _session?.Send(status);
    }

    private void StopOnCritical(CriticalError error)
    {
        _session?.Send(new HostMessage.Log("error", $"{error.Connector}: {error.Text}"));
        if (_login is not { StopOnCritical: true }) return;
        var reason = $"critical error at {error.Connector}: {error.Text}";
        foreach (var subscriber in _subscribers.Values) subscriber.Tell(new StopFedBy(_terminal, reason));
        _session?.Send(new HostMessage.Stop(reason));
    }

    private void PressButton(PauseRequested request)
    {
        if (_subscribers.Count == 0 || _buttons.Count >= MaxButtonsWaiting)
        {
            _session?.Send(new HostMessage.Done(request.Id, false, _subscribers.Count == 0 ? "No connector is configured." : "Too many requests are waiting; try again."));
            return;
        }

        _buttons[request.Id] = new ButtonPress([.. _subscribers.Values]);
        foreach (var subscriber in _subscribers.Values) subscriber.Tell(new ChartButton(_terminal, request.Id, request.Connector, request.Pause));
    }

    private void AnswerButton(ChartButtonDone done)
    {
        if (!_buttons.TryGetValue(done.Id, out var press)) return;
        Follow(done.Id, press.With(done).Without(Sender));
    }

    private void Follow(string id, ButtonPress press)
    {
        _buttons[id] = press;
        if (!press.Missing.IsEmpty) return;
        _buttons.Remove(id);
        _session?.Send(press.Texts.IsEmpty
            ? new HostMessage.Done(id, false, "No connector with this name is fed by this terminal.")
            : new HostMessage.Done(id, press.Ok, string.Join(" ", press.Texts)));
    }

    private TerminalStatus Status()
    {
        var streams = _levels.Streams();
        var levels = _levels.Entries();
        return new TerminalStatus(
            _terminal,
            _login?.Margin ?? _ledger.Margin,
            _session is not null,
            _levels.Synchronised,
            _ledger.Deals,
            [.. _ledger.Streams.Union(levels.Select(l => l.Magic)).Order().Select(magic => new StreamStatus(
                magic,
                _ledger.DealsOf(magic),
                _ledger.ResumeOf(magic).Deal,
                streams.TryGetValue(magic, out var s) ? s.Knowledge : LevelKnowledge.Unknown,
                levels.Where(l => l.Magic == magic && !l.Level.IsFlat).ToImmutableSortedDictionary(l => l.Symbol, l => l.Level)))],
            [.. Warnings(levels)]);
    }

    private IEnumerable<string> Warnings(ImmutableArray<StreamLevel> levels)
    {
        foreach (var magic in _ledger.Unfed)
            yield return $"The Expert Advisor no longer lists magic {magic}; its legs hold. List it again, or release the stream.";
        foreach (var l in levels.Where(l => l.Magic == Magic.Unattributed && !l.Level.IsFlat))
            yield return $"{l.Level} lots of {l.Symbol} belong to no stream and are not copied.";
    }

    private sealed record ButtonPress(ImmutableHashSet<IActorRef> Missing)
    {
        public bool Ok { get; init; } = true;

        public ImmutableArray<string> Texts { get; init; } = [];

        public ButtonPress With(ChartButtonDone done) => this with
        {
            Ok = Ok && (!done.Concerned || done.Ok),
            Texts = done.Concerned ? Texts.Add(done.Text) : Texts,
        };

        public ButtonPress Without(IActorRef one) => this with { Missing = Missing.Remove(one) };
    }
}
