using System.Net;
using System.Net.Sockets;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Composition;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Doctor;

/// <summary>Checks that need no running host: files, rights, addresses.</summary>
internal static class SetupChecks
{
    private const long EnoughDisk = 1L << 30;

    public static IEnumerable<Finding> Of(HostSettings settings, bool running, TimeProvider time)
    {
        yield return DataFolder(settings.DataFolder);
        if (Directory.Exists(settings.DataFolder)) yield return Disk(settings.DataFolder);
        if (settings.ConnectorsFile is { } file) yield return Connectors(file);
        foreach (var (section, listener) in new[] { ("Feed", settings.Feed), ("Api", settings.Api) })
        {
            if (Certificates.Load(listener.Certificate, section, time) is { Problem: { } problem }) yield return Finding.Error($"{section} certificate", problem, "Mend or replace the certificate.");
            if (!running && listener.Port != 0) yield return Port(section, listener.EndPoint);
        }
    }

    private static Finding DataFolder(string path)
    {
        const string check = "data folder";
        if (File.Exists(path)) return Finding.Error(check, $"{path} is a file.", "Name a folder with --data.");
        if (!Directory.Exists(path)) return Finding.Warning(check, $"{path} does not exist yet.", "The first 'csmulticonnector run' makes it.");
        if (OperatingSystem.IsWindows()) return Finding.Fine(check, path);
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var open = File.GetUnixFileMode(path) & others;
        if (open == UnixFileMode.None) return Finding.Fine(check, path);
        var remedy = $"chmod 700 {path}";
        return open.HasFlag(UnixFileMode.OtherWrite)
            ? Finding.Error(check, $"{path} may be written by everybody on this machine: no host starts on it.", remedy)
            : Finding.Warning(check, $"{path} is open to other users of this machine.", remedy);
    }

    private static Finding Disk(string path)
    {
        var free = new DriveInfo(path).AvailableFreeSpace;
        var text = $"{AmountText.Of(Math.Round(free / (decimal)(1L << 30), 1))} GiB free";
        return free >= EnoughDisk ? Finding.Fine("disk", text) : Finding.Error("disk", text, "Make room: what cannot be journaled is not traded.");
    }

    private static Finding Connectors(string file)
    {
        var (connectors, problem) = ConnectorsFile.Read(file, VenueCatalog.CreateDefault());
        return problem is null
            ? Finding.Fine("connectors file", $"{file}: {connectors.Length} connectors")
            : Finding.Error("connectors file", problem, "Correct the file; docs/connectors.schema.json helps an editor to do it.");
    }

    private static Finding Port(string section, IPEndPoint endPoint)
    {
        var check = $"{section} address";
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            return Finding.Fine(check, $"{endPoint} is free");
        }
        catch (SocketException e)
        {
            return Finding.Error(check, $"{endPoint} cannot be used: {e.Message}.", $"Set {section}:Port to another port, or stop what uses it.");
        }
    }
}
