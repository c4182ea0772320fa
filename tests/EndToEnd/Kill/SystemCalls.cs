using System.Globalization;
using System.Text.RegularExpressions;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>
/// What a process asked of the kernel, in the order in which it did: writes with their data, and syncs with the moment at which each was done. Read
/// from strace's output; a call that other threads interrupted stands there in two lines.
/// </summary>
internal sealed partial class SystemCalls
{
    private readonly List<Call> _calls = [];

    private SystemCalls()
    {
    }

    /// <summary>What to run the host under.</summary>
    public static IReadOnlyList<string> Strace(string file) =>
    [
        Tools.Require(Tools.Strace), "-D", "-f", "--seccomp-bpf", "-q", "-yy", "-s", "8192", "-e", "trace=write,pwrite64,writev,pwritev,sendto,sendmsg,fsync,fdatasync", "-e", "signal=none", "-o", file,
    ];

    public static SystemCalls Read(string file)
    {
        var read = new SystemCalls();
        var interrupted = new Dictionary<string, Call>(StringComparer.Ordinal);
        var at = 0;
        foreach (var line in File.ReadLines(file))
        {
            at++;
            if (CallPattern().Match(line) is { Success: true } began)
            {
                var unfinished = line.EndsWith("<unfinished ...>", StringComparison.Ordinal);
                var call = new Call(began.Groups["name"].Value, began.Groups["target"].Value, line, at)
                {
                    Done = unfinished ? int.MaxValue : at,
                    Worked = !unfinished && !line.Contains(") = -1 ", StringComparison.Ordinal),
                };
                read._calls.Add(call);
                if (unfinished) interrupted[began.Groups["thread"].Value] = call;
            }
            else if (ResumedPattern().Match(line) is { Success: true } resumed && interrupted.Remove(resumed.Groups["thread"].Value, out var call))
            {
                (call.Done, call.Worked) = (at, !line.Contains(") = -1 ", StringComparison.Ordinal));
            }
        }

        return read;
    }

    /// <summary>Every write to a file or line whose name has this in it.</summary>
    public IEnumerable<Call> WritesTo(string target) => _calls.Where(c => !c.IsSync && c.Target.Contains(target, StringComparison.Ordinal));

    /// <summary>Every sync of a file whose name has this in it, that worked.</summary>
    public IReadOnlyList<Call> SyncsOf(string target) => [.. _calls.Where(c => c.IsSync && c.Worked && c.Target.Contains(target, StringComparison.Ordinal))];

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<name>\w+)\(\d+<(?<target>.*?)>(?=[,) ])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex CallPattern();

    [GeneratedRegex(@"^(?<thread>\d+)\s+<\.\.\. \w+ resumed>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex ResumedPattern();

    /// <summary>One call.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Target">The file, or both ends of the line.</param>
    /// <param name="Text">The line of the output, the data in it as a C string.</param>
    /// <param name="Began">Its place in the order of things.</param>
    internal sealed record Call(string Name, string Target, string Text, int Began)
    {
        public bool IsSync => Name is "fsync" or "fdatasync";

        /// <summary>The place at which it was over.</summary>
        public int Done { get; set; }

        public bool Worked { get; set; }

        public bool Has(string data) => Text.Contains(data, StringComparison.Ordinal);

        /// <summary>A number that follows a word in the data, all of them.</summary>
        public IEnumerable<long> Numbers(string word) =>
            Regex.Matches(Text, Regex.Escape(word) + @"(?<number>\d+)", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)).Select(m => long.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture));
    }
}
