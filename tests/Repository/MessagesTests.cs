using System.Text.RegularExpressions;

namespace CSMultiConnector.Repository.Tests;

/// <summary>The table of messages in docs/mt5.md and the texts of Expert Advisor and host say the same.</summary>
public sealed partial class MessagesTests
{
    private const string Page = "docs/mt5.md";
    private const int Telling = 4;

    [Fact]
    public void Every_message_in_the_table_stands_in_the_sources()
    {
        var sources = string.Concat(
            Tree.Files.Where(f => f.StartsWith("mql5/", StringComparison.Ordinal) || (f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal)))
                .Select(f => Tree.Read(f).Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal)));
        var rows = Table().Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Split('|')[1]).ToList();
        rows.Count.ShouldBeGreaterThan(30);
        var pieces = from row in rows
                     from Match code in Code().Matches(row)
                     from piece in code.Groups["text"].Value.Split('…')
                     let text = piece.Trim(' ', '.', '(', ')', '"', ',', ':')
                     where text.Length >= Telling
                     select text;
        pieces.Distinct(StringComparer.Ordinal).Where(p => !sources.Contains(p, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_warning_and_every_end_of_a_session_is_in_the_table()
    {
        var table = Table();
        var messages = Tree.Files.Where(f => f.StartsWith("mql5/", StringComparison.Ordinal) && Path.GetExtension(f) is ".mqh" or ".mq5")
            .SelectMany(f => Message().Matches(Tree.Read(f)))
            .Select(m => Beginning().Match(m.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal)).Value.TrimEnd())
            .Distinct(StringComparer.Ordinal)
            .ToList();
        messages.Count.ShouldBeGreaterThan(20);
        messages.Where(m => !table.Contains(m, StringComparison.Ordinal)).ShouldBeEmpty($"{Page} says what to do for each");
    }

    private static string Table()
    {
        var page = Tree.Read(Page);
        return page[page.IndexOf("## 11. Troubleshooting", StringComparison.Ordinal)..];
    }

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    // A literal that ends a session, is warned of, or says what the panel waits for; what follows it may be put together.
    [GeneratedRegex("""(End\(SESSION_END_\w+,|log\.(Warning|Error)\(|m_waits\s*=|m_reason\s*=)\s*"(?<text>(\\.|[^"\\])+)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Message();

    [GeneratedRegex("^[^:;(#]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Beginning();
}
