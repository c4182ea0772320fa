using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using CSMultiConnector.Actors.Connectors;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Mapping;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Venue;

// The line to the venue: connect, check, read, listen; and again after every loss.
public sealed partial class VenueActor
{
    private const string ReconnectTimer = "reconnect";
    private const string InstrumentsTimer = "instruments";
    private const string ReadTimer = "read-holdings";
    private const int FailedReadsUntilLost = 3;

    private static readonly TimeSpan s_firstReconnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_instrumentsAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_instrumentsAgain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_readingPause = TimeSpan.FromMilliseconds(100);

    private int _attempts;
    private int _failedReads;
    private bool _modeMismatched;
    private bool _readAgain;
    private Uptime _nextReadingAt;
    private VenueAccount? _account;
    private ImmutableDictionary<InstrumentId, Instrument> _instruments = ImmutableDictionary<InstrumentId, Instrument>.Empty;

    private void HandleConnection()
    {
        Command<ConnectNow>(_ => Connect());
        Command<RefreshInstruments>(_ =>
        {
            if (_line == ConnectorState.Running) ReadInstruments();
        });
        Command<ReadNow>(_ =>
        {
            if (_line == ConnectorState.Running) ReadHoldings();
        });
    }

    private void Connect()
    {
        Timers.Cancel(ReconnectTimer);
        CutLine();
        if (_line != ConnectorState.Reconnecting) SetLine(ConnectorState.Starting, "connecting");
        Ask(ConnectCall, _gateway.ConnectAsync, TakeConnected);
    }

    private void TakeConnected(VenueAnswer<VenueAccount> answer)
    {
        if (!answer.IsSuccess)
        {
            Fail(answer.Failure);
            return;
        }

        var account = answer.Value;
        if (_state.AccountId is { } bound && !string.Equals(bound, account.AccountId, StringComparison.Ordinal))
        {
            SetLine(ConnectorState.Faulted,
                $"these credentials belong to account {account.AccountId}, but this connector's baseline is of account {bound}. Put the old credentials back, or make a new connector for the new account.");
            return;
        }

        _account = account;
        _warnings = account.Warnings;
        if (_state.AccountId is null) Store(new AccountBound(Now, account.AccountId), _ => Claim());
        else Claim();

        void Claim()
        {
            _around.Connectors.Tell(new ClaimAccount(_settings.Id, AccountKey, account.PositionMode));
            ReadInstruments();
        }
    }

    private string AccountKey => $"{_settings.Venue}|{ApiAddress.Normalised(_settings.ApiUrl)}|{_state.AccountId}";

    private void ReadInstruments() => Ask(InstrumentsCall, _gateway.GetInstrumentsAsync, TakeInstruments);

    private void TakeInstruments(VenueAnswer<ImmutableArray<Instrument>> answer)
    {
        if (!answer.IsSuccess)
        {
            if (_line != ConnectorState.Running)
            {
                Fail(answer.Failure);
                return;
            }

            _log.Warning("{0}: instruments could not be refreshed: {1}", _settings.Id, answer.Failure.Text);
            Timers.StartSingleTimer(InstrumentsTimer, new RefreshInstruments(), s_instrumentsAgain);
            return;
        }

        _instruments = answer.Value.ToImmutableDictionary(i => i.Id);
        _mapping.Tell(new InstrumentsListed(answer.Value));
        Timers.StartSingleTimer(InstrumentsTimer, new RefreshInstruments(), s_instrumentsAge);
        if (_stream is null) Listen();

        // Also with a new line: what the venue changed while it was down counts before anything is traded.
        foreach (var leg in _legs.Values) Configure(leg);
        if (_line == ConnectorState.Running)
        {
            ResolveUnmapped();
            return;
        }

        ReadOpenOrders();
    }

    // At most one reading is under way; a wish that comes meanwhile starts another, since the one under way may be older than it.
    private void ReadHoldings()
    {
        if (IsUnderWay(HoldingsCall))
        {
            _readAgain = true;
            return;
        }

        // Many wishes at once are one reading; the venue's limits are not spent on asking without pause.
        // The clock is read once: between two looks the pause may end, and no timer takes a time below zero.
        var pause = _nextReadingAt - Uptime;
        if (pause > TimeSpan.Zero && _line == ConnectorState.Running)
        {
            if (!Timers.IsTimerActive(ReadTimer)) Timers.StartSingleTimer(ReadTimer, new ReadNow(), pause);
            return;
        }

        _readAgain = false;
        var version = _around.Versions.Next();
        Ask(HoldingsCall, _gateway.ReadHoldingsAsync, answer => TakeHoldings(version, answer));
    }

    private void TakeHoldings(long version, VenueAnswer<ImmutableArray<Holding>> answer)
    {
        _nextReadingAt = Uptime + (answer.Failure?.RetryAfter is { } advice && advice > s_readingPause ? advice : s_readingPause);
        if (!answer.IsSuccess)
        {
            // A failed reading says nothing: no leg hears of it as a figure.
            _readAgain = false;
            SyncReadFailed(answer.Failure.Text);
            if (_line != ConnectorState.Running || answer.Failure.Kind == FailureKind.Account || ++_failedReads >= FailedReadsUntilLost) Fail(answer.Failure);
            else _log.Warning("{0}: the account could not be read: {1}", _settings.Id, answer.Failure.Text);
            return;
        }

        _failedReads = 0;
        _attempts = 0;
        var holdings = answer.Value;
        if (_state.Captured is null)
        {
            var captured = holdings.Where(h => !h.Quantity.IsZero).Select(h => new CapturedHolding(h.Leg, h.Quantity)).ToImmutableArray();
            Store(new HoldingsCaptured(Now, captured), _ => Use(version, holdings));
        }
        else
        {
            Use(version, holdings);
        }
    }

    private void Use(long version, ImmutableArray<Holding> read)
    {
        _holdings = read;
        var holdings = read.ToDictionary(h => h.Leg);
        if (_line != ConnectorState.Running) BecomeRunning();
        foreach (var leg in _legs.Values)
        {
            if (leg.Asleep && holdings.TryGetValue(leg.Id, out var found) && !found.Quantity.IsZero) Wake(leg);

            // The answer is complete: what it does not name is not held.
            var reading = holdings.TryGetValue(leg.Id, out var h)
                ? new LegReading(version, h.Quantity, h.Free, h.Sequence)
                : new LegReading(version, default);
            leg.Ref?.Tell(new LegInput.ReadingArrived(reading));
        }

        SyncRead(version);
        if (_readAgain) ReadHoldings();
    }

    private void BecomeRunning()
    {
        _modeMismatched = false;
        if (ModeMismatch() is { } mismatch)
        {
            _modeMismatched = true;
            SetLine(ConnectorState.Faulted, mismatch);
            return;
        }

        // Doubted before the gate opens: nothing is traded on what was held before the line went down.
        foreach (var leg in _legs.Values) leg.Ref?.Tell(new LegInput.ActualDoubted("the line to the venue was down"));
        if (_settings.SyncAtStartup && !_startupAsked)
        {
            HoldIncreasesUntilSynced(SyncKind.Startup);
        }
        else if (Wishes.Any(w => w.Kind == SyncKind.Resume))
        {
            HoldIncreasesUntilSynced(SyncKind.Resume);
        }

        SetLine(ConnectorState.Running, "running");
        OpenKnownLegs();

        // What could not be mapped while the line was down is tried anew.
        ResolveUnmapped();
        StartSyncing();
        StartRestingLegs();
    }

    /// <summary>Why the account's position mode does not fit a terminal, with how to mend it; null when it fits.</summary>
    private string? ModeMismatch()
    {
        if (_account is not { } account) return null;
        foreach (var picture in _table.Pictures)
        {
            if (picture.Margin is not { } margin || !RoutesTerminal(picture.Terminal)) continue;
            var hedging = margin == MarginMode.Hedging;
            if (hedging && account.PositionMode == PositionMode.OneWay && !_settings.AllowNetting)
            {
                return $"{picture.Terminal} is a hedging account, but account {account.AccountId} at {_settings.Venue} keeps one position an instrument. "
                    + "Switch the venue account to hedge mode, or set allowNetting for this connector: then long less short is copied.";
            }

            if (!hedging && account.PositionMode == PositionMode.Hedge)
            {
                return $"{picture.Terminal} is a netting account, but account {account.AccountId} at {_settings.Venue} is in hedge mode. "
                    + "Switch the venue account to one-way mode.";
            }
        }

        return null;
    }

    private void Fail(VenueFailure failure)
    {
        if (failure.Kind is FailureKind.Account or FailureKind.Invalid)
        {
            // Nothing that is still under way may bring it back: a person must act first.
            CutLine();
            _modeMismatched = false;
            Timers.Cancel(InstrumentsTimer);
            SetLine(ConnectorState.Faulted, failure.Text);
            TellTerminals(new Terminals.CriticalError(_settings.Id, failure.Text));
            return;
        }

        LoseLine(failure.Text, failure.RetryAfter);
    }

    private void LoseLine(string why, TimeSpan? retryAfter = null)
    {
        CutLine();

        // First attempts are soon, then they grow up to the reconnection interval.
        var delay = s_firstReconnect * Math.Pow(2, Math.Min(_attempts++, 16));
        if (delay > _settings.ReconnectionInterval) delay = _settings.ReconnectionInterval;
        if (retryAfter is { } advice && advice > delay) delay = advice;
        SetLine(ConnectorState.Reconnecting, $"{why}; trying again in {(int)Math.Ceiling(delay.TotalSeconds)} s");
        Timers.StartSingleTimer(ReconnectTimer, new ConnectNow(), delay);
        AbandonSync("the line to the venue is down");
    }

    // Nothing that is still under way is heard any more.
    private void CutLine()
    {
        EndStream();
        GiveUpCalls();
    }

    private void SetLine(ConnectorState state, string text)
    {
        var changed = _line != state || !string.Equals(_lineText, text, StringComparison.Ordinal);
        (_line, _lineText) = (state, text);
        if (!changed) return;
        _around.History.Tell(new History.ConnectorNoted(_settings.Id, Now, state, text));
        UpdateGate();
    }

    private sealed record ConnectNow;

    private sealed record RefreshInstruments;

    private sealed record ReadNow;
}
