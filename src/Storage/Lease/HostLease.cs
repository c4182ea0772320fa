using System.Globalization;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Storage.Sql;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Storage.Lease;

/// <summary>
/// The right to trade with a database that several hosts share: taken with an epoch, renewed well before its end, judged by this process's own
/// clocks from the moment before each request was sent. Whoever loses it never gets it back: a new one is taken, with a new epoch.
/// </summary>
public sealed class HostLease : IAccountLease, IAsyncDisposable
{
    private readonly ILeaseTable _table;
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _renewing;
    private LeaseTerm _term;
    private string? _failure;
    private bool _gone;
    private bool _doubted;

    private HostLease(ILeaseTable table, string owner, long epoch, LeaseTerm term, LeaseOptions options, TimeProvider time, ILogger logger)
    {
        (_table, Owner, Epoch, _term, _options, _time, _logger) = (table, owner, epoch, term, options, time, logger);
        _renewing = RenewAsync();
    }

    /// <summary>This host, as others are told.</summary>
    public string Owner { get; }

    /// <summary>Grows with each host that takes the right.</summary>
    public long Epoch { get; }

    /// <inheritdoc/>
    public bool IsHeld
    {
        get
        {
            lock (_lock) return !_gone && _term.Age < _options.Usable;
        }
    }

    /// <inheritdoc/>
    public DateTimeOffset? EndsAt
    {
        get
        {
            lock (_lock) return _term.EndOf(_options.Usable);
        }
    }

    /// <inheritdoc/>
    public string? HoldsBack
    {
        get
        {
            lock (_lock)
            {
                if (_gone || _term.Age >= _options.Usable) return $"the right to trade with {_table.Display} ended{Because}";
                return _term.Age < _options.Doubtful ? null : string.Create(
                    CultureInfo.InvariantCulture, $"the right to trade with {_table.Display} could not be renewed for {_term.Age.TotalSeconds:0} s{Because}; no order is begun");
            }
        }
    }

    /// <inheritdoc/>
    public CancellationToken Lost => _lost.Token;

    private string Because => _failure is { } failure ? $": {failure}" : "";

    /// <inheritdoc/>
    public event Action Changed = () => { };

    /// <summary>Takes the right if it is free, and renews it from then on. The lease owns the table then.</summary>
    /// <returns>The lease; or who holds it.</returns>
    internal static async Task<(HostLease? Lease, LeaseRow Row)> TakeAsync(
        ILeaseTable table, string owner, LeaseOptions options, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        var term = LeaseTerm.Begin(time);
        var (taken, row) = await table.TakeAsync(owner, options.Duration, cancellation);
        return (taken ? new HostLease(table, owner, row.Epoch, term, options, time, logger) : null, row);
    }

    /// <summary>Stops renewing and gives the right back, so that a host that stands by need not wait. After the last actor has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        bool held;
        lock (_lock) (held, _gone) = (!_gone && _term.Age < _options.Usable, true);
        await _stop.CancelAsync();
        await _renewing;
        if (held) await TryAsync(cancellation => GiveBackAsync(cancellation), _options.Patience, CancellationToken.None);
        await _table.DisposeAsync();
        await _lost.CancelAsync();
        _stop.Dispose();
    }

    private async Task<bool> GiveBackAsync(CancellationToken cancellation)
    {
        await _table.ReleaseAsync(Epoch, cancellation);
        return true;
    }

    private async Task RenewAsync()
    {
        var pause = _options.Period;
        while (true)
        {
            try
            {
                await Task.Delay(NotBeyondAChange(pause), _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // Looked at before anything is asked: a process that slept through its end must not wake up as the holder.
            if (!IsHeld)
            {
                await LoseAsync();
                return;
            }

            var term = LeaseTerm.Begin(_time);
            var renewed = await TryAsync(cancellation => _table.RenewAsync(Epoch, _options.Duration, cancellation), NotBeyondAChange(_options.Patience), _stop.Token);
            if (_stop.IsCancellationRequested) return;
            if (renewed is false)
            {
                lock (_lock) _failure = "the database has given it to another host or let it end";
                await LoseAsync();
                return;
            }

            if (renewed is true && IsHeld)
            {
                lock (_lock) (_term, _failure) = (term, null);
            }

            pause = renewed is true ? _options.Period : _options.Pause;
            TellDoubt();
        }
    }

    // Nothing is waited for beyond the moments at which something changes by itself: the doubt and the end.
    private TimeSpan NotBeyondAChange(TimeSpan pause)
    {
        lock (_lock)
        {
            var age = _term.Age;
            var left = (age < _options.Doubtful ? _options.Doubtful : _options.Usable) - age;
            return left <= TimeSpan.Zero ? TimeSpan.Zero : left < pause ? left : pause;
        }
    }

    /// <summary>The answer; null when there was none in time.</summary>
    private async Task<bool?> TryAsync(Func<CancellationToken, Task<bool>> ask, TimeSpan time, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(time, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            // Left behind when it ignores the token: what it says later is of no use.
            return await ask(either.Token).WaitAsync(either.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it was, it was no renewal: the end comes nearer, and that is what counts.
            if (cancellation.IsCancellationRequested) return null;
            var text = e is OperationCanceledException ? "it does not answer" : SqlProblems.Describe(e, _table.Display)?.Text ?? e.Message;
            lock (_lock)
            {
                if (_failure is null) _logger.LogWarning("The right to trade with {Database} was not renewed: {Problem}", _table.Display, text);
                _failure = text;
            }

            return null;
        }
    }

    private void TellDoubt()
    {
        var why = HoldsBack;
        if (_doubted == why is not null) return;
        _doubted = why is not null;
        if (why is not null) _logger.LogError("Standing back: {Why}", why);
        else _logger.LogInformation("The right to trade with {Database} is renewed again; orders may be begun", _table.Display);
        Changed();
    }

    private async Task LoseAsync()
    {
        lock (_lock) _gone = true;
        _logger.LogError("Standing by: {Why}", HoldsBack);
        Changed();
        await _lost.CancelAsync();
    }
}
