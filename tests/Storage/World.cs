using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Settings;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Tests;

/// <summary>A folder that goes when the test does.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("csmc-storage-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>An opened data folder with everything in it.</summary>
internal sealed class World : IAsyncDisposable
{
    private World()
    {
    }

    public required TempFolder Temp { get; init; }

    public required ManualTime Time { get; init; }

    public required DataFolder Folder { get; init; }

    public required SecretVault Vault { get; init; }

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public SettingsStore Settings { get; private set; } = null!;

    public ConnectorStore Connectors => Settings.Connectors;

    /// <summary>Where the settings lie; null = in the folder's file.</summary>
    public Place? Place { get; init; }

    public static async Task<World> OpenAsync(IRandomSource? random = null, Place? place = null)
    {
        var time = new ManualTime();
        var temp = new TempFolder();
        var folder = DataFolder.Open(temp.File("data"), time).Value!;
        var vault = SecretVault.Open(folder, MasterKey.Locate(folder, new SystemRandomSource(), _ => null).Value!).Value!;
        var world = new World { Temp = temp, Time = time, Folder = folder, Vault = vault, Place = place };
        await world.ReopenAsync(random);
        return world;
    }

    public async Task ReopenAsync(IRandomSource? random = null)
    {
        if (Settings is not null) await Settings.DisposeAsync();
        Settings = await OpenAsync(Place?.Open() ?? SqlDatabase.OpenSqlite(Folder.SettingsPath, SqliteDurability.Full).Value!, random);
    }

    /// <summary>Opens another file with the same keys.</summary>
    public Task<SettingsStore> OpenAsync(string path) => OpenAsync(SqlDatabase.OpenSqlite(path, SqliteDurability.Full).Value!, random: null);

    private async Task<SettingsStore> OpenAsync(SqlDatabase database, IRandomSource? random) =>
        (await SettingsStore.OpenAsync(database, Vault, random ?? new SystemRandomSource(), Time, name => Variables.GetValueOrDefault(name), CancellationToken.None)).Value!;

    /// <summary>Everything that lies in the folder, as one text of bytes.</summary>
    public byte[] AllBytes(string pattern = "*") =>
        Directory.EnumerateFiles(Folder.Root, pattern, SearchOption.AllDirectories)
            .Where(path => System.IO.Path.GetFileName(path) != "lock")
            .SelectMany(System.IO.File.ReadAllBytes).ToArray();

    public async ValueTask DisposeAsync()
    {
        await Settings.DisposeAsync();
        Vault.Dispose();
        Folder.Dispose();
        Temp.Dispose();
        if (Place is not null) await Place.DisposeAsync();
    }
}

/// <summary>A clock that is set by hand.</summary>
internal sealed class ManualTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Gives the bytes of a list and no more.</summary>
internal sealed class ScriptedRandom(params byte[] first) : IRandomSource
{
    private int _next;

    public void Fill(Span<byte> bytes)
    {
        foreach (ref var one in bytes) one = _next < first.Length ? first[_next++] : throw new InvalidOperationException("No more random bytes were expected.");
    }
}
