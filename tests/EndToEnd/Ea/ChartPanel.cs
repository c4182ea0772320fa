using System.Text.Json;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>What the chart shows of the Expert Advisor.</summary>
internal sealed record ChartPanel(IReadOnlyList<ChartObject> Objects)
{
    /// <summary>Colour of a button that pauses, and of one that resumes, as MQL5 keeps them (0xBBGGRR).</summary>
    public const int Green = 0x3C8723, Red = 0x2D32BE;

    /// <summary>The state of the connection.</summary>
    public string Line => Text("line");

    /// <summary>The last error, as a whole.</summary>
    public string Error => Find("error0") is { } first ? (first.Tooltip.Trim().Length > 0 ? first.Tooltip : first.Text) : "";

    /// <summary>All is told, and the host is there.</summary>
    public bool IsLive => Line.StartsWith("Connected to", StringComparison.Ordinal) && !Line.Contains("synchronising", StringComparison.Ordinal);

    public static ChartPanel Read(JsonElement answer) => new(
    [
        .. answer.GetProperty("objects").EnumerateArray().Select(o => new ChartObject(
            o.GetProperty("name").GetString()!, o.GetProperty("text").GetString()!, o.GetProperty("tooltip").GetString()!, o.GetProperty("background").GetInt32())),
    ]);

    /// <summary>The row of a connector; null = there is none.</summary>
    public PanelRow? Row(string connector)
    {
        var name = Objects.FirstOrDefault(o => o.Short.StartsWith("name", StringComparison.Ordinal) && (o.Text + o.Tooltip).Contains($"{connector} (", StringComparison.Ordinal));
        if (name is null) return null;
        var number = name.Short["name".Length..];
        var button = Find($"button{number}")!;
        return new PanelRow(Text($"state{number}"), button.Text, button.Background, button.Name);
    }

    public override string ToString() => string.Join(" | ", Objects.Select(o => o.Text).Where(t => t.Length > 0));

    private string Text(string name) => Find(name)?.Text ?? "";

    private ChartObject? Find(string name) => Objects.FirstOrDefault(o => o.Short == name);
}

/// <summary>One object of the chart.</summary>
internal sealed record ChartObject(string Name, string Text, string Tooltip, int Background)
{
    /// <summary>Its name without the prefix of the chart.</summary>
    public string Short => Name[(Name.IndexOf('_', StringComparison.Ordinal) + 1)..];
}

/// <summary>A connector on the panel.</summary>
internal sealed record PanelRow(string State, string Button, int Colour, string ButtonName);
