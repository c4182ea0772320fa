namespace CSMultiConnector.Benchmarks.Measuring;

/// <summary>Percentiles of durations, in milliseconds; by nearest rank over every single value.</summary>
internal sealed record Distribution(long Count, double P50, double P99, double P999, double Max)
{
    public static Distribution Of(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return sorted.Length == 0
            ? new Distribution(0, double.NaN, double.NaN, double.NaN, double.NaN)
            : new Distribution(sorted.Length, At(sorted, 0.5), At(sorted, 0.99), At(sorted, 0.999), Round(sorted[^1]));
    }

    private static double At(double[] sorted, double part) => Round(sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)]);

    private static double Round(double value) => Math.Round(value, 3);
}
