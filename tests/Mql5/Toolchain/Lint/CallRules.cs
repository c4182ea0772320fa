namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Calls: functions that an EA of ours does not use, or not so.</summary>
public static class CallRules
{
    private static readonly HashSet<string> s_formats = ["StringFormat", "PrintFormat"];
    private static readonly HashSet<string> s_notCalls = ["if", "for", "while", "switch", "return", "sizeof"];

    public static IEnumerable<Finding> Check(LintFile file)
    {
        for (var i = 0; i < file.Code.Count; i++)
        {
            if (file.Code[i].Text is "==" or "!=" && (Empty(file, i + 1) || Empty(file, i - 1)))
                yield return file.At(i, "string-compare", "no text and the empty text are two things: use StringLen(s)==0");
            if (!file.IsWord(i) || !file.Is(i + 1, "(")) continue;
            var (name, method) = (file.Code[i].Text, file.Is(i - 1, "."));
            if (file.IsType(i - 1)) // a declaration
            {
                if (name == "OnTick" && file.Match(i + 1) + 1 is var body && file.Is(body, "{") && Enumerable.Range(body, file.Match(body) - body).Count(k => file.Is(k, ";")) > 1)
                    yield return file.At(i, "on-tick", "no work on ticks, which stop at weekends: one call at most");
                continue;
            }
            if (name is "while" or "for") foreach (var finding in Endless(file, i)) yield return finding;
            if (s_notCalls.Contains(name)) continue;

            var arguments = file.Arguments(i + 1);
            if (arguments.Count > 1 && Enumerable.Range(i + 2, file.Match(i + 1) - i - 2).Any(k => file.Is(k, "++") || file.Is(k, "--")))
                yield return file.At(i, "argument-order", "MQL5 evaluates arguments from right to left: no side effects in them");
            if (method) continue;
            foreach (var finding in Function(file, i, name, arguments)) yield return finding;
        }
    }

    private static IEnumerable<Finding> Function(LintFile file, int at, string name, List<(int From, int To)> arguments)
    {
        switch (name)
        {
            case "Sleep":
                yield return file.At(at, "sleep", "nothing waits in a handler");
                break;
            case "StringToCharArray" when arguments.Count < 5 || file.Text(arguments[4].From, arguments[4].To) != "CP_UTF8":
            case "CharArrayToString" when arguments.Count < 4 || file.Text(arguments[3].From, arguments[3].To) != "CP_UTF8":
                yield return file.At(at, "code-page", $"{name} without CP_UTF8 takes the machine's page");
                break;
            case "FileOpen" when arguments.Count >= 2:
                var flags = file.Text(arguments[1].From, arguments[1].To);
                if (flags.Contains("FILE_TXT", StringComparison.Ordinal) && (!flags.Contains("FILE_ANSI", StringComparison.Ordinal) || arguments.Count < 4 || file.Text(arguments[^1].From, arguments[^1].To) != "CP_UTF8"))
                    yield return file.At(at, "code-page", "text is FILE_TXT|FILE_ANSI with CP_UTF8");
                break;
            case "TimeCurrent":
                yield return file.At(at, "time-current", "TimeCurrent stands still without quotes: use TimeTradeServer or GetTickCount64");
                break;
            case "GetTickCount":
                yield return file.At(at, "tick-count", "GetTickCount wraps after 49 days: use GetTickCount64");
                break;
            case "SocketTlsRead":
                yield return file.At(at, "blocking-read", $"{name} waits for all bytes: use SocketTlsReadAvailable");
                break;
            default:
                if (s_formats.Contains(name) && arguments.Count > 0 && file.Code[arguments[0].From].Kind == TokenKind.Text && arguments[0].To == arguments[0].From + 1
                    && Verbs(file.Code[arguments[0].From].Text) != arguments.Count - 1)
                    yield return file.At(at, "format", $"{Verbs(file.Code[arguments[0].From].Text)} verbs, {arguments.Count - 1} values");
                break;
        }
    }

    private static bool Empty(LintFile file, int at) => at >= 0 && at < file.Code.Count && (file.Code[at].Text == "\"\"" || file.Is(at, "NULL"));

    private static int Verbs(string format)
    {
        var count = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%') continue;
            if (i + 1 < format.Length && format[i + 1] == '%') i++;
            else count++;
        }
        return count;
    }

    private static IEnumerable<Finding> Endless(LintFile file, int at)
    {
        var close = file.Match(at + 1);
        var condition = file.Text(at + 2, close);
        if (file.Is(at, "for") ? condition.Replace(" ", "", StringComparison.Ordinal) is not ";;" : condition is not ("true" or "1")) yield break;
        var end = file.Is(close + 1, "{") ? file.Match(close + 1) : close + 1;
        if (!Enumerable.Range(close, end - close).Any(i => file.Is(i, "IsStopped"))) yield return file.At(at, "endless-loop", "a loop without an end asks IsStopped()");
    }
}
