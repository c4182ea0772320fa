using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Matching;
using CSMultiConnector.Venues.Paper.Misbehaviour;
using CSMultiConnector.Venues.Paper.Storage;

namespace CSMultiConnector.Venues.Tests.Paper;

public sealed class PaperPersistenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("paper-tests-").FullName;

    private string DataFile => Path.Combine(_folder, "paper.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_answered_is_in_the_files_without_closing_them()
    {
        await using var exchange = await Open().ReadyAsync();
        await exchange.OpenAccountAsync(PaperDesk.Futures, new PaperAccountOptions { PositionMode = PositionMode.Hedge, FeeRate = 0.002m }, default);
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 3m, PositionSide.Long));
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(2, OrderSide.Sell, 1.23m, PositionSide.Short));
        await exchange.DoneAsync(PaperDesk.Spot, PaperDesk.Order(3, OrderSide.Buy, 7m));
        exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenOpen, Times = 1 });
        await exchange.DoneAsync(PaperDesk.Spot, PaperDesk.Order(4, OrderSide.Sell, 2m));
        await exchange.TradeAsync(PaperDesk.Futures, new PaperTrade(PaperTradeKind.ByHand, PaperDesk.Symbol, PositionSide.Long, OrderSide.Sell, new Contracts(0.5m)), default);

        await using var copy = OpenCopy();

        foreach (var account in new[] { PaperDesk.Futures, PaperDesk.Spot })
        {
            (await copy.HoldingsAsync(account, default)).Value.ToArray().ShouldBe((await exchange.HoldingsAsync(account, default)).Value.ToArray());
            (await OrdersOf(copy, account)).ShouldBe(await OrdersOf(exchange, account));
            (await copy.FillsAsync(account, 0, 100, default)).Value.ToArray().ShouldBe((await exchange.FillsAsync(account, 0, 100, default)).Value.ToArray());
            (await copy.InstrumentsAsync(account.Product, default)).Value.ToArray().ShouldBe((await exchange.InstrumentsAsync(account.Product, default)).Value.ToArray());
            var (then, now) = (await exchange.OpenAccountAsync(account, new PaperAccountOptions(), default), await copy.OpenAccountAsync(account, new PaperAccountOptions(), default));
            (now.Value!.AccountId, now.Value.PositionMode).ShouldBe((then.Value!.AccountId, then.Value.PositionMode));
        }

        (await copy.HeldAsync(PaperDesk.Futures, "TSTUSD", PositionSide.Long)).ShouldBe(2.5m);
        (await copy.HeldAsync(PaperDesk.Futures, "TSTUSD", PositionSide.Short)).ShouldBe(-1.23m);
    }

    [Fact]
    public async Task Ids_stay_used_and_numbers_go_on_after_a_restart()
    {
        await using (var exchange = await Open().ReadyAsync()) await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m));
        await using var again = Open();
        (await again.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m), default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Class.ShouldBe(RejectionClass.Query);
        var next = await again.DoneAsync(PaperDesk.Futures, PaperDesk.Order(2, OrderSide.Buy, 1m));
        next.VenueOrderId.ShouldBe("p2");
        next.AveragePrice.ShouldBe(new Price(100m));
        (await again.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(2m);
        (await again.HoldingsAsync(PaperDesk.Futures, default)).Value.Single().Sequence.ShouldBe(2);
    }

    [Fact]
    public async Task An_open_rest_fills_after_a_restart_when_its_time_came()
    {
        var clock = new TestClock();
        await using (var exchange = await Open(clock).ReadyAsync())
        {
            exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenOpen, Delay = TimeSpan.FromSeconds(5), Times = 1 });
            (await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 2m))).Status.ShouldBe(OrderStatus.Open);
        }

        clock.Advance(TimeSpan.FromSeconds(6));
        await using var again = Open(clock);
        (await again.FindAsync(PaperDesk.Futures, PaperDesk.Id(1), default)).ShouldBeOfType<LookupOutcome.Found>().Report.Status.ShouldBe(OrderStatus.Filled);
    }

    [Fact]
    public async Task Forgotten_orders_are_gone_from_the_file_but_their_ids_stay_used()
    {
        await using (var exchange = await Open(memory: 3).ReadyAsync())
        {
            for (var i = 1; i <= 10; i++) await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(i, OrderSide.Buy, 1m));
        }

        await using var again = Open(memory: 3);
        (await OrdersOf(again, PaperDesk.Futures)).Select(o => o.Number).ShouldBe([8, 9, 10]);
        (await again.FillsAsync(PaperDesk.Futures, 0, 100, default)).Value.Length.ShouldBe(3);
        (await again.FindAsync(PaperDesk.Futures, PaperDesk.Id(2), default)).ShouldBeOfType<LookupOutcome.Incomplete>();
        (await again.FindAsync(PaperDesk.Futures, PaperDesk.Id(11), default)).ShouldBeOfType<LookupOutcome.NotFound>();
        (await again.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(2, OrderSide.Buy, 1m), default)).ShouldBeOfType<SubmitOutcome.Rejected>().Rejection.Class.ShouldBe(RejectionClass.Query);
        (await again.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(10m);
    }

    [Fact]
    public async Task A_second_user_of_the_file_is_told_so()
    {
        await using var exchange = await Open().ReadyAsync();
        Should.Throw<PaperStorageException>(() => Open()).Message.ShouldContain(DataFile);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone()
    {
        await using (Open())
        {
        }

        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={DataFile};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Should.Throw<PaperStorageException>(() => Open()).Message.ShouldContain("newer version");
    }

    [Fact]
    public async Task What_could_not_be_stored_is_unknown_and_did_not_happen()
    {
        var store = new FailingStore(SqlitePaperStore.Open(DataFile, "test"));
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions(), store).ReadyAsync();
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m));

        store.FailNext = true;
        (await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(2, OrderSide.Buy, 1m), default)).ShouldBeOfType<SubmitOutcome.Unknown>();

        (await exchange.FindAsync(PaperDesk.Futures, PaperDesk.Id(2), default)).ShouldBeOfType<LookupOutcome.NotFound>();
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(1m);
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(3, OrderSide.Buy, 1m));
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(2m);
    }

    [Fact]
    public async Task What_is_due_by_itself_is_done_after_a_failed_write_without_anybody_asking()
    {
        var clock = new TestClock();
        var store = new FailingStore(SqlitePaperStore.Open(DataFile, "test"));
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions { Time = clock }, store).ReadyAsync();
        exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.Submit, Effect = PaperEffect.PartialThenOpen, Delay = TimeSpan.FromSeconds(5), Times = 1 });
        await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 2m), default);
        await clock.TimersAsync(1);
        var before = store.Commits;
        store.FailNext = true;
        clock.Advance(TimeSpan.FromSeconds(5));
        await clock.TimersAsync(1);
        store.Commits.ShouldBe(before + 1, "it was tried at its time");

        using var open = new ManualResetEventSlim(initialState: true);
        store.Gate = open;
        clock.Advance(TimeSpan.FromSeconds(1));
        await store.Entered.Task.InTime();
        store.Commits.ShouldBe(before + 2);
        (await exchange.HeldAsync(PaperDesk.Futures, "TSTUSD")).ShouldBe(2m);
    }

    [Fact]
    public async Task Orders_that_come_together_share_transactions()
    {
        var store = new FailingStore(new MemoryPaperStore("test"));
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions(), store).ReadyAsync();
        using var gate = new ManualResetEventSlim();
        store.Gate = gate;
        var first = exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m));
        await store.Entered.Task.InTime();
        var before = store.Commits;
        var rest = Enumerable.Range(2, 50).Select(i => exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(i, OrderSide.Buy, 1m))).ToArray();
        store.Gate = null;
        gate.Set();
        await Task.WhenAll([first, .. rest]).InTime();
        (store.Commits - before).ShouldBe(1);
    }

    private static async Task<PaperOrderView[]> OrdersOf(PaperExchange exchange, PaperAccountKey account) =>
        [.. (await exchange.OrdersAsync(account, 0, 1000, default)).Value.Select(o => new PaperOrderView(o.Number, o with { Report = o.Report with { Fees = [] } }, string.Join(',', o.Report.Fees)))];

    private PaperExchange Open(TimeProvider? time = null, int memory = 100) =>
        PaperExchange.Open(new PaperExchangeOptions { DataFile = DataFile, Time = time ?? TimeProvider.System, OrderMemory = memory });

    /// <summary>What a start after a sudden end would find.</summary>
    private PaperExchange OpenCopy()
    {
        var copy = Path.Combine(_folder, "copy.db");
        foreach (var suffix in new[] { "", "-wal" })
        {
            using var from = new FileStream(DataFile + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var to = File.Create(copy + suffix);
            from.CopyTo(to);
        }

        return PaperExchange.Open(new PaperExchangeOptions { DataFile = copy });
    }

    /// <summary>An order without its list of fees, which arrays compare by reference, and the fees as text.</summary>
    private sealed record PaperOrderView(long Number, PaperOrder Order, string Fees);

    /// <summary>A store that fails or waits when told.</summary>
    private sealed class FailingStore(IPaperStore inner) : IPaperStore
    {
        internal bool FailNext { get; set; }

        internal ManualResetEventSlim? Gate { get; set; }

        internal TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal int Commits { get; private set; }

        public string ExchangeId => inner.ExchangeId;

        public IReadOnlyList<PaperChange> Load() => inner.Load();

        public void Commit(IReadOnlyList<PaperChange> changes)
        {
            Commits++;
            if (FailNext)
            {
                FailNext = false;
                throw new IOException("No space left on device.");
            }

            if (Gate is { } gate)
            {
                Entered.TrySetResult();
                gate.Wait();
            }

            inner.Commit(changes);
        }

        public void Dispose() => inner.Dispose();
    }
}
