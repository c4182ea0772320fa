using System.Text.Json;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>What a request must prove.</summary>
internal enum Security
{
    None,

    /// <summary>A known key in the header, no signature.</summary>
    Key,

    /// <summary>Key, timestamp and signature.</summary>
    Signed,
}

/// <summary>What the key must be allowed.</summary>
internal enum Permission
{
    None,
    Reading,
    SpotTrading,
    Futures,
}

/// <summary>One endpoint.</summary>
internal sealed record Route(string Method, string Path, Action<Call> Handle)
{
    public Security Security { get; init; }

    public Permission Permission { get; init; }

    public Func<Parameters, int> Weight { get; init; } = static _ => 1;

    /// <summary>Places a new order: counted, and costs no weight on spot when it succeeds.</summary>
    public bool PlacesOrder { get; init; }

    /// <summary>Costs no weight when it succeeds (spot order and cancel).</summary>
    public bool FreeOnSuccess { get; init; }

    /// <summary>Goes to the matching engine: takes the set latency, and the time window is checked again there.</summary>
    public bool Matching { get; init; }

    /// <summary>Answers during maintenance too.</summary>
    public bool AlwaysUp { get; init; }

    /// <summary>Names that the endpoint reads besides timestamp and recvWindow; null = not checked.</summary>
    public string[]? Reads { get; init; }
}

/// <summary>A request that passed the gate, and the answer that is being written.</summary>
internal sealed class Call(Parameters parameters, BinanceKey? key, Utf8JsonWriter json, long nowMs)
{
    public Parameters P => parameters;

    public BinanceKey? Key => key;

    public Utf8JsonWriter Json => json;

    public long NowMs => nowMs;

    public int Status { get; set; } = 200;
}
