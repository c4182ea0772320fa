using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Usdm;

/// <summary>The account's listen key: one at a time, valid for an hour, extended by PUT and by a second POST. Under the exchange's lock.</summary>
internal sealed class ListenKeys(SimulatedClock clock)
{
    private static readonly long ValidMs = (long)TimeSpan.FromMinutes(60).TotalMilliseconds;
    private long _validUntil;
    private int _made;

    public string? Current { get; private set; }

    public string GetOrExtend()
    {
        var now = clock.NowMs;
        if (Current is null || now >= _validUntil) Current = string.Create(CultureInfo.InvariantCulture, $"simulatorListenKey{++_made:D46}");
        _validUntil = now + ValidMs;
        return Current;
    }

    public bool Extend()
    {
        if (!IsAlive(Current, clock.NowMs)) return false;
        _validUntil = clock.NowMs + ValidMs;
        return true;
    }

    public string? Drop()
    {
        var dropped = Current;
        Current = null;
        return dropped;
    }

    public bool IsAlive(string? key, long nowMs) => key is not null && key == Current && nowMs < _validUntil;
}

/// <summary>What the venue knows of one user data connection of USD-M.</summary>
internal sealed class UsdmStream(bool combined, string? onlyEvents)
{
    private readonly string[]? _only = onlyEvents?.Split('/');

    public ImmutableArray<string> Keys { get; set; } = [];

    /// <summary>Whether an event passes the filter of the address.</summary>
    public bool Wants(byte[] raw)
    {
        if (_only is null) return true;
        foreach (var name in _only)
            if (raw.AsSpan().StartsWith(Encoding.ASCII.GetBytes($"{{\"e\":\"{name}\""))) return true;
        return false;
    }

    public byte[] Wrap(string key, byte[] raw) =>
        combined ? [.. Encoding.ASCII.GetBytes($"{{\"stream\":\"{key}\",\"data\":"), .. raw, (byte)'}'] : raw;
}
