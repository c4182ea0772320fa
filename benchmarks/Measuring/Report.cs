using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CSMultiConnector.Benchmarks.Measuring;

/// <summary>What a run found: figures with their units, as a table for people and as one JSON line for programs.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string What, string Unit, double Value)> _figures = [];
    private readonly List<string> _notes = [];

    public void Add(string what, double value, string unit) => _figures.Add((what, unit, value));

    public void Add(string what, Distribution d)
    {
        Add($"{what}, count", d.Count, "");
        if (d.Count == 0) return;
        Add($"{what}, p50", d.P50, "ms");
        Add($"{what}, p99", d.P99, "ms");
        Add($"{what}, p99.9", d.P999, "ms");
        Add($"{what}, max", d.Max, "ms");
    }

    /// <summary>What a reader has to know to judge the figures.</summary>
    public void Note(string text) => _notes.Add(text);

    public void Write(TextWriter to, bool json)
    {
        if (json)
        {
            to.WriteLine(JsonSerializer.Serialize(
                new { machine = Machine.Facts(), figures = _figures.Select(f => new { what = f.What, value = f.Value, unit = f.Unit }), notes = _notes }, s_json));
            return;
        }

        to.WriteLine(string.Join(", ", Machine.Facts().Select(f => $"{f.Key}: {f.Value}")));
        to.WriteLine();
        var width = _figures.Select(f => f.What.Length).DefaultIfEmpty().Max();
        foreach (var (what, unit, value) in _figures) to.WriteLine($"{what.PadRight(width)}  {Text(value),14} {unit}");
        foreach (var note in _notes) to.WriteLine($"* {note}");
    }

    private static string Text(double value) => Math.Abs(value) >= 1000
        ? Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture)
        : value.ToString("0.###", CultureInfo.InvariantCulture);
}
