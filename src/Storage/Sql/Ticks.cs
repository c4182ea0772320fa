namespace CSMultiConnector.Storage.Sql;

/// <summary>Times as both databases keep them: UTC ticks of .NET, like the journal's.</summary>
internal static class Ticks
{
    public static DateTimeOffset ToTime(long ticks) => new(ticks, TimeSpan.Zero);
}
