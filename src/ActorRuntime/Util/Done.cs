namespace Akka;

/// <summary>The result of work that yields nothing but its completion.</summary>
public sealed class Done
{
    /// <summary>The only value.</summary>
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
