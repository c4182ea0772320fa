using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>A g++ that compiles what changed. Whether an object is up to date is told by the contents of all it was made from, not by times.</summary>
public sealed class Compiler(string output)
{
    private readonly StringBuilder _messages = new();

    /// <summary>What g++ said, errors and warnings alike.</summary>
    public string Messages => _messages.ToString();

    public static string? Path => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => System.IO.Path.Combine(f, "g++")).FirstOrDefault(File.Exists);

    /// <summary>Debian packages that a build needs and this machine lacks.</summary>
    public static IReadOnlyList<string> Missing()
    {
        var missing = new List<string>();
        if (Path is null) missing.Add("g++");
        if (!File.Exists("/usr/include/openssl/ssl.h")) missing.Add("libssl-dev");
        if (!File.Exists("/usr/include/gtest/gtest.h")) missing.Add("libgtest-dev");
        return missing;
    }

    /// <summary>Compiles the sources (at most two at a time); null when one of them failed.</summary>
    public IReadOnlyList<string>? Objects(string part, IEnumerable<string> sources, IReadOnlyList<string> flags)
    {
        var jobs = sources.Select(s => (Source: s, Object: System.IO.Path.Combine(output, "obj", part, NameOf(s) + ".o"))).ToList();
        var failed = 0;
        Parallel.ForEach(jobs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, job =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(job.Object)!);
            string[] arguments = [.. flags, "-MD", "-MF", job.Object + ".d", "-c", job.Source, "-o", job.Object];
            var command = string.Join(' ', arguments);
            if (UpToDate(job.Object, command, Dependencies(job.Object + ".d"))) return;
            File.Delete(job.Object + ".stamp");
            var begun = TimeProvider.System.GetUtcNow().UtcDateTime;
            if (!Run(arguments)) Interlocked.Increment(ref failed);
            // What changed while g++ read it makes no stamp: the next build compiles it again.
            else if (Dependencies(job.Object + ".d") is var read && read.All(f => File.GetLastWriteTimeUtc(f) < begun)) Stamp(job.Object, command, read);
        });
        return failed == 0 ? [.. jobs.Select(j => j.Object)] : null;
    }

    /// <summary>Links a program; false when that failed.</summary>
    public bool Link(string program, IReadOnlyList<string> objects, IReadOnlyList<string> flags)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(program)!);
        // A program that runs just now keeps its file: the new one takes the name only.
        string[] arguments = [.. objects, .. flags, "-o", program + ".new"];
        var command = string.Join(' ', arguments);
        if (UpToDate(program, command, objects)) return true;
        if (!Run(arguments)) return false;
        File.Move(program + ".new", program, overwrite: true);
        Stamp(program, command, objects);
        return true;
    }

    /// <summary>Looks at one source without making anything of it.</summary>
    public bool Check(string source, IReadOnlyList<string> flags) => Run([.. flags, "-fsyntax-only", "-x", "c++", source]);

    private bool Run(IReadOnlyList<string> arguments)
    {
        using var gcc = Process.Start(new ProcessStartInfo(Path ?? "g++", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        if (said.Length > 0)
            lock (_messages) _messages.Append(said);
        return gcc.ExitCode == 0;
    }

    private static string NameOf(string source)
    {
        var folder = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(source));
        return $"{folder}.{System.IO.Path.GetFileName(source)}";
    }

    private static List<string> Dependencies(string file) => !File.Exists(file) ? [] :
        [.. File.ReadAllText(file).Split([' ', '\n', '\\'], StringSplitOptions.RemoveEmptyEntries).Skip(1).Where(f => !f.StartsWith("/usr/", StringComparison.Ordinal))];

    private static bool UpToDate(string made, string command, IReadOnlyList<string> from) =>
        File.Exists(made) && File.Exists(made + ".stamp") && from.Count > 0 && from.All(File.Exists) && File.ReadAllText(made + ".stamp") == Hash(command, from);

    private static void Stamp(string made, string command, IReadOnlyList<string> from) => File.WriteAllText(made + ".stamp", Hash(command, from));

    private static string Hash(string command, IReadOnlyList<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(command));
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
