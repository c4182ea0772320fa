using CSMultiConnector.Storage.Lease;
using CSMultiConnector.Storage.Sql;
using CSMultiConnector.Storage.Tests.Sql;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CSMultiConnector.Storage.Tests.Lease;

/// <summary>The row in the database: one holder at a time, and no journal write of an earlier one.</summary>
public sealed class PostgresLeaseTests : IAsyncLifetime
{
    private static readonly LeaseOptions s_options = new() { Duration = TimeSpan.FromMinutes(5) };

    private readonly PostgresPlace _place = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _place.DisposeAsync();

    [PostgresFact]
    public async Task One_of_many_that_ask_at_once_gets_it_and_the_others_are_told_who()
    {
        var looks = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Seat($"host {i}").TryTakeAsync(default)));

        var lease = looks.Single(l => l.Lease is not null).Lease!;
        lease.Epoch.ShouldBe(1);
        lease.IsHeld.ShouldBeTrue();
        foreach (var other in looks.Where(l => l.Lease is null))
        {
            other.Problem.ShouldBeNull();
            other.Holder.ShouldNotBeNull().Owner.ShouldBe(lease.Owner);
            other.Holder!.Left.ShouldBeGreaterThan(TimeSpan.Zero);
        }

        (await Versions()).ShouldBe(["Lease 1"], "hosts that start at once migrate once");
        await lease.DisposeAsync();
    }

    [PostgresFact]
    public async Task What_is_given_back_is_free_at_once_and_each_holder_has_an_epoch_of_its_own()
    {
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            await using var lease = (await Seat("host").TryTakeAsync(default)).Lease.ShouldNotBeNull();
            lease.Epoch.ShouldBe(epoch);
        }
    }

    [PostgresFact]
    public async Task What_ended_by_the_databases_clock_is_taken_and_cannot_be_renewed_or_given_back_by_its_old_holder()
    {
        await using var old = Table();
        await (await Seat("first").TryTakeAsync(default)).Lease!.DisposeAsync();
        var (taken, row) = await old.TakeAsync("old", TimeSpan.FromMinutes(1), default);
        taken.ShouldBeTrue();
        (await old.RenewAsync(row.Epoch, TimeSpan.FromMinutes(1), default)).ShouldBeTrue();
        await _place.ExecuteAsync("UPDATE host_lease SET expires_at = clock_timestamp() - interval '1 second'");
        (await old.RenewAsync(row.Epoch, TimeSpan.FromMinutes(1), default)).ShouldBeFalse("over is over, even while nobody took it");

        await using var next = (await Seat("next").TryTakeAsync(default)).Lease.ShouldNotBeNull();
        next.Epoch.ShouldBe(row.Epoch + 1);
        (await old.RenewAsync(row.Epoch, TimeSpan.FromMinutes(1), default)).ShouldBeFalse();
        await old.ReleaseAsync(row.Epoch, default);
        (await old.TakeAsync("old", TimeSpan.FromMinutes(1), default)).Row.Owner.ShouldBe("next");
    }

    [PostgresFact]
    public async Task The_journal_takes_no_write_of_an_earlier_epoch()
    {
        await _place.ExecuteAsync("CREATE TABLE journal (persistence_id text, sequence_number bigint); CREATE TABLE snapshot (persistence_id text)");
        var first = (await Seat("first").TryTakeAsync(default)).Lease!;
        await WriteAsync(first.Epoch, 1);
        await first.DisposeAsync();

        await using var second = (await Seat("second").TryTakeAsync(default)).Lease!;
        await WriteAsync(second.Epoch, 2);
        foreach (var sql in (string[])["INSERT INTO journal VALUES ('leg', 3)", "DELETE FROM journal", "INSERT INTO snapshot VALUES ('leg')"])
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(first.Epoch, sql))).MessageText.ShouldContain("another host trades");
        await Should.ThrowAsync<PostgresException>(() => _place.ExecuteAsync("INSERT INTO journal VALUES ('leg', 3)"));

        (await _place.StringsAsync("SELECT sequence_number::text FROM journal ORDER BY 1")).ShouldBe(["1", "2"]);
    }

    [PostgresFact]
    public async Task Tables_of_a_newer_version_are_refused()
    {
        await (await Seat("host").TryTakeAsync(default)).Lease!.DisposeAsync();
        await _place.ExecuteAsync("INSERT INTO schema_version VALUES ('Lease', 999, 0)");

        var problem = (await Seat("host").TryTakeAsync(default)).Problem.ShouldNotBeNull();

        problem.Text.ShouldContain("written by a newer version");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_problem_that_tells_no_password()
    {
        var seat = new LeaseSeat("Host=127.0.0.1;Port=1;Username=u;Password=hush-4711;Database=d", "host", s_options, TimeProvider.System, NullLogger<HostLease>.Instance);

        var problem = (await seat.TryTakeAsync(default)).Problem.ShouldNotBeNull();

        problem.Text.ShouldStartWith("127.0.0.1/d");
        problem.Text.ShouldNotContain("4711");
    }

    private LeaseSeat Seat(string owner) => new(_place.ConnectionString, owner, s_options, TimeProvider.System, NullLogger<HostLease>.Instance);

    private PostgresLeaseTable Table() => new(_place.ConnectionString, TimeSpan.FromSeconds(30));

    private Task<IReadOnlyList<string>> Versions() => _place.StringsAsync("SELECT store || ' ' || version FROM schema_version");

    private Task WriteAsync(long epoch, int number) => ExecuteAsync(epoch, $"INSERT INTO journal VALUES ('leg', {number})");

    private async Task ExecuteAsync(long epoch, string sql)
    {
        await using var connection = new NpgsqlConnection(JournalFence.Under(_place.ConnectionString, epoch));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
