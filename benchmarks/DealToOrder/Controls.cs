using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks.DealToOrder;

/// <summary>What the machine itself takes for the parts of a deal's way, at the same pace and in the same run.</summary>
internal static partial class Controls
{
    private const int LineBytes = 400;

    // What one commit of SQLite's log writes: two or three pages.
    private const int CommitBytes = 3 * 4096;

    /// <summary>A line and its echo on a loopback connection between two threads.</summary>
    public static Distribution TcpRoundTrip(int count, int perSecond)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        server.NoDelay = true;
        var echo = new Thread(() =>
        {
            var buffer = new byte[LineBytes];
            while (Receive(server, buffer)) server.Send(buffer);
        });
        echo.Start();
        var line = new byte[LineBytes];
        var times = Paced(count, perSecond, () =>
        {
            client.Send(line);
            Receive(client, line);
        });
        client.Shutdown(SocketShutdown.Both);
        echo.Join();
        return Distribution.Of(times);
    }

    /// <summary>Appends what a commit writes and has it synced to the disk.</summary>
    public static Distribution AppendAndSync(string path, int count, int perSecond)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        var bytes = new byte[CommitBytes];
        var at = 0L;
        return Distribution.Of(Paced(count, perSecond, () =>
        {
            RandomAccess.Write(file, bytes, at);
            at += bytes.Length;
            Sync(file);
        }));
    }

    /// <summary>The same order by a plain HTTP client to a paper process: until the venue took it, and until its answer was read.</summary>
    public static async Task<(Distribution Arrival, Distribution Answer)> BareHttpAsync(int count, int perSecond)
    {
        const string Account = "control";
        await using var paper = await PaperService.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(paper.Address, "/paper/v1/futures/") };
        (await http.PostAsJsonAsync($"instruments?account={Account}", new { instrument = new { id = "A000USD", @base = "A000", quote = "USD", lotStep = "0.01" } })).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync($"prices?account={Account}", new { instrument = "A000USD", price = "100.25" })).EnsureSuccessStatusCode();
        var clock = new WallClock();
        var sent = new List<(long Moment, double Answer)>();
        await Task.Factory.StartNew(
            () =>
            {
                var times = Paced(count, perSecond, i => PostAsync(i).GetAwaiter().GetResult(), out var moments);
                sent.AddRange(moments.Zip(times));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var orders = (await paper.OrdersAsync(Account)).TakeLast(count).ToList();
        if (orders.Count != sent.Count) throw new InvalidOperationException($"{sent.Count} orders were sent, {orders.Count} arrived.");
        return (Distribution.Of(orders.Zip(sent, (o, s) => (o.At - clock.At(s.Moment)).TotalMilliseconds)), Distribution.Of(sent.Select(s => s.Answer)));

        async Task PostAsync(int i)
        {
            using var answer = await http.PostAsJsonAsync($"orders?account={Account}", new
            {
                clientOrderId = $"aaaa{i:00000000000000}",
                instrument = "A000USD",
                side = "buy",
                quantity = "0.01",
                notAfter = TimeProvider.System.GetUtcNow().AddSeconds(30),
            });
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
        }
    }

    private static IEnumerable<double> Paced(int count, int perSecond, Action step) => Paced(count, perSecond, _ => step(), out _);

    private static List<double> Paced(int count, int perSecond, Action<int> step, out List<long> moments)
    {
        Pace.Sharpen();
        const int WarmUp = 200;
        var times = new List<double>(count);
        moments = new List<long>(count + WarmUp);
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20);
        for (var i = 0; i < count + WarmUp; i++)
        {
            var moment = start + (long)(i * (double)Stopwatch.Frequency / perSecond);
            Pace.Until(moment);
            step(i);
            moments.Add(moment);
            times.Add(Stopwatch.GetElapsedTime(moment).TotalMilliseconds);
        }

        times.RemoveRange(0, WarmUp);
        moments.RemoveRange(0, WarmUp);
        return times;
    }

    private static bool Receive(Socket from, Span<byte> all)
    {
        while (all.Length > 0)
        {
            var read = from.Receive(all);
            if (read == 0) return false;
            all = all[read..];
        }

        return true;
    }

    private static void Sync(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) RandomAccess.FlushToDisk(file);
        else if (FDataSync(file) != 0) throw new IOException("fdatasync failed.");
    }

    [LibraryImport("libc", EntryPoint = "fdatasync")]
    private static partial int FDataSync(SafeHandle file);
}
