using CSMultiConnector.Storage.Lease;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Storage.Tests.Lease;

/// <summary>The holder's side of the lease under virtual clocks: a holder that cannot be sure does not trade.</summary>
public sealed class HostLeaseTests : IAsyncDisposable
{
    private static readonly LeaseOptions s_options = new() { Duration = TimeSpan.FromSeconds(20) };
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly VirtualClocks _clocks = new();
    private readonly FakeTable _table = new();
    private HostLease _lease = null!;

    public async ValueTask DisposeAsync()
    {
        _table.Answer(true);
        if (_lease is not null) await _lease.DisposeAsync();
    }

    [Fact]
    public void The_times_of_a_lease_leave_room_for_retries_and_for_clocks_that_differ()
    {
        s_options.Usable.ShouldBeLessThan(s_options.Duration);
        s_options.Doubtful.ShouldBeLessThan(s_options.Usable);
        (s_options.Period + s_options.Patience + s_options.Pause).ShouldBeLessThan(s_options.Doubtful, "one failed renewal raises no doubt");
    }

    [Theory]
    [InlineData(15.9, 15.9, true)]
    [InlineData(16, 16, false)]
    [InlineData(-3600, 16, false)]
    [InlineData(0, 16, false)]
    [InlineData(16, 0, false)]
    [InlineData(3600, 1, false)]
    [InlineData(-3600, 15.9, true)]
    public async Task It_is_over_as_soon_as_either_clock_says_so(double wallSeconds, double monotonicSeconds, bool held)
    {
        await TakeAsync();

        _clocks.Jump(TimeSpan.FromSeconds(wallSeconds), TimeSpan.FromSeconds(monotonicSeconds));

        _lease.IsHeld.ShouldBe(held);
        if (!held) _lease.HoldsBack.ShouldNotBeNull();
    }

    [Fact]
    public async Task It_lasts_from_before_the_request_was_sent_not_from_its_answer()
    {
        var asked = _clocks.GetUtcNow();
        _table.OnTake = () => _clocks.Jump(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        await TakeAsync();

        _lease.EndsAt.ShouldBe(asked + s_options.Usable);
        _clocks.Jump(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(6));
        _lease.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public async Task It_is_renewed_well_before_its_end_as_long_as_the_database_answers()
    {
        await TakeAsync();
        for (var i = 0; i < 20; i++)
        {
            await PassAsync(s_options.Period);
            await UntilAsync(() => _table.IsAsked);
            await AnswerAsync();
            _lease.IsHeld.ShouldBeTrue();
            _lease.HoldsBack.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_silent_database_first_holds_orders_back_and_then_ends_it_before_the_database_does()
    {
        await TakeAsync();
        var changes = 0;
        _lease.Changed += () => Interlocked.Increment(ref changes);
        var lost = LostAsync();

        await PassAsync(s_options.Doubtful + s_options.Pause);
        _lease.IsHeld.ShouldBeTrue();
        _lease.HoldsBack.ShouldNotBeNull().ShouldContain("could not be renewed");
        changes.ShouldBe(1, "whoever begins orders is told");
        lost.IsCompleted.ShouldBeFalse();

        await PassAsync(s_options.Usable - s_options.Doubtful);
        _lease.IsHeld.ShouldBeFalse();
        await lost.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_renewal_that_comes_in_time_ends_the_doubt()
    {
        await TakeAsync();
        await PassAsync(s_options.Doubtful + s_options.Pause);
        _lease.HoldsBack.ShouldNotBeNull();

        while (_lease.HoldsBack is not null)
        {
            _lease.IsHeld.ShouldBeTrue("there is still time for one more try");
            await AnswerAsync();
            await PassAsync(TimeSpan.FromSeconds(0.1));
        }

        _lease.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_database_that_says_no_ends_it_at_once()
    {
        await TakeAsync();
        var lost = LostAsync();
        await PassAsync(s_options.Period);
        await UntilAsync(() => _table.IsAsked);

        _table.Answer(false);

        await lost.WaitAsync(s_patience);
        _lease.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public async Task A_process_that_slept_through_its_end_does_not_ask_to_keep_it()
    {
        await TakeAsync();
        var lost = LostAsync();
        _clocks.Jump(TimeSpan.FromHours(1), TimeSpan.FromHours(1));

        _clocks.Pass(TimeSpan.Zero);

        await lost.WaitAsync(s_patience);
        _table.Renewals.ShouldBe(0);
    }

    [Fact]
    public async Task The_end_gives_it_back_only_while_it_is_ours()
    {
        await TakeAsync();
        await _lease.DisposeAsync();
        _table.Released.ShouldBe([7L]);
        _lease.IsHeld.ShouldBeFalse();

        _table.Released.Clear();
        await TakeAsync();
        _clocks.Jump(TimeSpan.FromHours(1), TimeSpan.Zero);
        await _lease.DisposeAsync();
        _table.Released.ShouldBeEmpty();
    }

    private async Task TakeAsync() =>
        _lease = (await HostLease.TakeAsync(_table, "me", s_options, _clocks, NullLogger.Instance, default)).Lease.ShouldNotBeNull();

    private Task LostAsync()
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lease.Lost.Register(lost.SetResult);
        return lost.Task;
    }

    // In small steps: between two of them the lease reacts to what has passed.
    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(0.1))
        {
            var made = _clocks.Made;
            if (_clocks.Pass(TimeSpan.FromSeconds(0.1)) > 0) await ReactedAsync(made);
        }
    }

    private async Task AnswerAsync()
    {
        var made = _clocks.Made;
        if (_table.Answer(true)) await ReactedAsync(made);
    }

    // Whatever it does next begins with a timer, or it has ended.
    private Task ReactedAsync(int made) => UntilAsync(() => _clocks.Made != made || _lease.Lost.IsCancellationRequested);

    private static async Task UntilAsync(Func<bool> right)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!right())
        {
            if (TimeProvider.System.GetElapsedTime(start) > s_patience) throw new TimeoutException("The lease did nothing.");
            await Task.Yield();
        }
    }

    private sealed class FakeTable : ILeaseTable
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource<bool>? _asked;

        public Action? OnTake { get; set; }

        public int Renewals { get; private set; }

        public List<long> Released { get; } = [];

        public string Display => "db/test";

        public Task<(bool Taken, LeaseRow Row)> TakeAsync(string owner, TimeSpan duration, CancellationToken cancellation)
        {
            OnTake?.Invoke();
            return Task.FromResult((true, new LeaseRow(owner, 7, duration)));
        }

        public async Task<bool> RenewAsync(long epoch, TimeSpan duration, CancellationToken cancellation)
        {
            var asked = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var given = cancellation.Register(() => asked.TrySetCanceled(cancellation));
            lock (_lock) (_asked, Renewals) = (asked, Renewals + 1);
            return await asked.Task;
        }

        public Task ReleaseAsync(long epoch, CancellationToken cancellation)
        {
            Released.Add(epoch);
            return Task.CompletedTask;
        }

        /// <summary>A renewal waits for its answer.</summary>
        public bool IsAsked
        {
            get
            {
                lock (_lock) return _asked is { Task.IsCompleted: false };
            }
        }

        /// <summary>Answers what is asked at the moment; false when nothing is.</summary>
        public bool Answer(bool renewed)
        {
            lock (_lock) return _asked?.TrySetResult(renewed) ?? false;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
