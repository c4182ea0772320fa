using System.Text;
using CSMultiConnector.Mql5.Tests.Install;

namespace CSMultiConnector.Mql5.Tests;

/// <summary>docs/mt5.md tells the messages and inputs that there are.</summary>
public sealed class TroubleshootingTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(MadeUpHome.Repository, "docs/mt5.md"));
    private static readonly string s_advisor = Text("mql5", "*.mq?");
    private static readonly string s_host = Text("src/Feeds", "*.cs") + Text("src/Actors", "*.cs");

    private static readonly string[] s_explained = [.. Rows(s_page).SelectMany(Spans).SelectMany(Pieces).Distinct(StringComparer.Ordinal)];

    [Fact]
    public void A_message_that_the_page_explains_can_be_said()
    {
        s_explained.Length.ShouldBeGreaterThan(40);
        var said = s_advisor + s_host;
        s_explained.Where(piece => !said.Contains(piece, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_warning_and_error_of_the_Expert_Advisor_is_explained()
    {
        var said = Literals("log.Warning(", "log.Error(", "End(SESSION_END_").ToList();
        said.Count.ShouldBeGreaterThan(15);
        said.Where(text => !s_explained.Any(piece => text.Contains(piece, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_input_stands_in_the_table_with_its_default()
    {
        var main = File.ReadAllLines(Path.Combine(MadeUpHome.Repository, "mql5/Experts/CSMultiConnector/CSMultiConnector.mq5"));
        var inputs = main.Where(l => l.StartsWith("input ", StringComparison.Ordinal) && !l.StartsWith("input group", StringComparison.Ordinal)).ToList();
        inputs.Count.ShouldBe(13);
        foreach (var input in inputs)
        {
            var label = input[(input.IndexOf("//", StringComparison.Ordinal) + 2)..].Trim();
            var value = input[(input.IndexOf('=', StringComparison.Ordinal) + 1)..input.IndexOf(';', StringComparison.Ordinal)].Trim('"');
            s_page.ShouldContain($"| {label} | {(value.Length == 0 ? "*empty*" : value)} |");
        }
    }

    // The tables of section 11; the first column holds the messages.
    private static IEnumerable<string> Rows(string page) =>
        page[page.IndexOf("## 11.", StringComparison.Ordinal)..].Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal));

    // Both columns may quote messages; the second one also commands and names, which are no messages.
    private static IEnumerable<string> Spans(string row) => row.Split(" | ")[0].Split('`').Where((_, i) => i % 2 == 1);

    // What stands between names and numbers.
    private static IEnumerable<string> Pieces(string message) =>
        message.Split('…', '"').Select(p => p.Trim(' ', '(', ')', '"')).Where(p => p.Length >= 8).Select(p => p.Replace("\\", "\\\\", StringComparison.Ordinal));

    // First long literal after each of the calls.
    private static IEnumerable<string> Literals(params string[] calls)
    {
        foreach (var call in calls)
            for (var at = s_advisor.IndexOf(call, StringComparison.Ordinal); at >= 0; at = s_advisor.IndexOf(call, at + 1, StringComparison.Ordinal))
            {
                var end = s_advisor.IndexOf(");", at, StringComparison.Ordinal);
                var literal = s_advisor[at..end].Split('"').Where((_, i) => i % 2 == 1).FirstOrDefault(l => l.Length > 12);
                if (literal is not null) yield return literal;
            }
    }

    private static string Text(string folder, string pattern)
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(MadeUpHome.Repository, folder), pattern, SearchOption.AllDirectories))
            text.Append(File.ReadAllText(file)).Append('\n');
        return text.Replace("\\\"", "'").ToString();
    }
}
