using System.Diagnostics;
using System.Globalization;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Lease;

/// <summary>A PostgreSQL server of its own, for what the shared one cannot be asked: to go away and come back.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("csmc-pg").FullName;
    private readonly int _port = Service.FreePort();

    private PostgresServer()
    {
    }

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        if (Environment.UserName == "root") await server.RunAsync("chown", "postgres", server._folder);
        await server.ToolAsync("initdb", "-D", server.Data, "-A", "trust", "-U", "csmc", "--no-sync");
        await server.StartAgainAsync();
        return server;
    }

    private string Data => System.IO.Path.Combine(_folder, "db");

    /// <summary>As a person would write it, with a password (which this server does not ask for).</summary>
    public string ConnectionString(string password) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=csmc;Database=postgres;Password={password}");

    public Task StartAgainAsync() => ToolAsync(
        "pg_ctl", "-w", "-D", Data, "-l", System.IO.Path.Combine(_folder, "log"),
        "-o", string.Create(CultureInfo.InvariantCulture, $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=off"), "start");

    /// <summary>At once, as a crash would.</summary>
    public Task StopAsync() => ToolAsync("pg_ctl", "-w", "-D", Data, "-m", "immediate", "stop");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(System.IO.Path.Combine(Data, "postmaster.pid"))) await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // The server refuses to run as root.
    private Task ToolAsync(string tool, params string[] arguments)
    {
        var path = Directory.GetDirectories("/usr/lib/postgresql").Select(d => System.IO.Path.Combine(d, "bin", tool)).Where(File.Exists).Order(StringComparer.Ordinal).Last();
        return Environment.UserName == "root" ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    // Without a pipe: the server that a tool leaves behind would keep it open.
    private async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, UseShellExecute = false })!;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }
}
