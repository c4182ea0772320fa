namespace Akka.Persistence.Sql.Config;

/// <summary>Where tags of events are stored.</summary>
public enum TagMode
{
    /// <summary>In a column of the journal.</summary>
    Csv,

    /// <summary>In a table of their own.</summary>
    TagTable,

    /// <summary>In both.</summary>
    Both,
}
