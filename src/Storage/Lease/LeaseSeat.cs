using CSMultiConnector.Storage.Sql;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Storage.Lease;

/// <summary>One look for the right to trade: the lease, who else holds it, or why the database cannot be asked. Exactly one is there.</summary>
/// <param name="Lease">The right; whoever gets it disposes it.</param>
/// <param name="Holder">Who holds it.</param>
/// <param name="Problem">Why nothing can be said.</param>
public sealed record LeaseLook(HostLease? Lease, LeaseRow? Holder, StoreProblem? Problem);

/// <summary>Where a host of a shared database waits for its turn.</summary>
/// <param name="connectionString">The database.</param>
/// <param name="owner">This host, for others to read.</param>
/// <param name="options">The times.</param>
/// <param name="time">The clocks.</param>
/// <param name="logger">Hears of renewals that fail.</param>
public sealed class LeaseSeat(string connectionString, string owner, LeaseOptions options, TimeProvider time, ILogger<HostLease> logger)
{
    private const string Store = "Lease";

    private bool _migrated;

    /// <summary>This host, for others to read.</summary>
    public string Owner => owner;

    /// <summary>Takes the right if it is free, and shuts its earlier holders out of the journal.</summary>
    public async Task<LeaseLook> TryTakeAsync(CancellationToken cancellation)
    {
        if (await MigrateAsync(cancellation) is { } old) return new LeaseLook(null, null, old);
        var table = new PostgresLeaseTable(connectionString, options.Patience);
        HostLease? lease = null;
        try
        {
            (lease, var row) = await HostLease.TakeAsync(table, owner, options, time, logger, cancellation);
            if (lease is null) return new LeaseLook(null, row, null);
        }
        catch (Exception e) when (SqlProblems.Describe(e, table.Display) is { } problem)
        {
            return new LeaseLook(null, null, problem);
        }
        finally
        {
            if (lease is null) await table.DisposeAsync();
        }

        StoreProblem? unfenced = null;
        var fenced = false;
        try
        {
            unfenced = await JournalFence.RaiseAsync(connectionString, lease.Epoch, cancellation);
            fenced = unfenced is null;
        }
        finally
        {
            if (!fenced) await lease.DisposeAsync();
        }

        return new LeaseLook(fenced ? lease : null, null, unfenced);
    }

    /// <summary>Waits until the next look makes sense: a moment, or less when the holder's time ends before.</summary>
    public Task PauseAsync(LeaseRow? holder, CancellationToken cancellation)
    {
        var pause = holder is { Left: var left } && left > TimeSpan.Zero && left < options.Pause ? left : options.Pause;
        return Task.Delay(pause, time, cancellation);
    }

    private async Task<StoreProblem?> MigrateAsync(CancellationToken cancellation)
    {
        if (_migrated) return null;
        await using var database = SqlDatabase.PostgreSql(connectionString);
        var problem = await Migrator.MigrateAsync(database, Store, time, cancellation);
        _migrated = problem is null;
        return problem;
    }
}
