using System.Globalization;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>Request weight and order counters of one product: headers on every answer, 429 above the limit, 418 for those who go on.</summary>
internal sealed class Limits(int weight, string secondInterval, TimeSpan secondLength, int tenSeconds, int second, int refusalsBeforeBan, bool announcesRetry)
{
    private static readonly TimeSpan Ban = TimeSpan.FromMinutes(2);
    private readonly Lock _sync = new();
    private int _refusals;
    private long _refusalsUntil;
    private long _bannedUntil;

    public RateWindow Weight { get; } = new(TimeSpan.FromMinutes(1), weight);

    public RateWindow TenSeconds { get; } = new(TimeSpan.FromSeconds(10), tenSeconds);

    public RateWindow Second { get; } = new(secondLength, second);

    /// <summary>"1D" (spot) or "1M" (USD-M).</summary>
    public string SecondInterval => secondInterval;

    /// <summary>Counts a request's weight; refuses it when too much was used.</summary>
    public void Charge(long nowMs, int weightOfRequest)
    {
        lock (_sync)
        {
            if (nowMs < _bannedUntil) throw Banned(nowMs);
            if (Weight.Add(nowMs, weightOfRequest) <= Weight.Limit) return;
            var ends = Weight.EndsMs(nowMs);
            if (_refusalsUntil != ends) (_refusals, _refusalsUntil) = (0, ends);
            if (++_refusals > refusalsBeforeBan)
            {
                _bannedUntil = nowMs + (long)Ban.TotalMilliseconds;
                throw Banned(nowMs);
            }
            throw new Refusal(
                429, -1003,
                $"Too much request weight used; current limit is {Weight.Limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.")
            {
                RetryAfterSeconds = announcesRetry ? Seconds(ends - nowMs) : null, RetryAfterMs = ends,
            };
        }
    }

    /// <summary>Gives weight back: a spot order that succeeds costs nothing.</summary>
    public void Return(long nowMs, int weightOfRequest)
    {
        lock (_sync) Weight.Add(nowMs, -weightOfRequest);
    }

    /// <summary>Counts a new order; refuses it when there were too many, without saying how long to wait.</summary>
    public void CountOrder(long nowMs)
    {
        lock (_sync)
        {
            foreach (var (window, name) in new[] { (TenSeconds, "10 SECOND"), (Second, secondInterval == "1D" ? "1 DAY" : "1 MINUTE") })
            {
                if (window.Count(nowMs) < window.Limit) continue;
                throw new Refusal(429, -1015, $"Too many new orders; current limit is {window.Limit} orders per {name}.");
            }
            TenSeconds.Add(nowMs, 1);
            Second.Add(nowMs, 1);
        }
    }

    /// <summary>The first fill of an order takes it off the count of unfilled orders (spot).</summary>
    public void OrderFilled(long nowMs)
    {
        lock (_sync)
        {
            TenSeconds.Add(nowMs, -1);
            Second.Add(nowMs, -1);
        }
    }

    public (int Weight, int TenSeconds, int Second) Counts(long nowMs)
    {
        lock (_sync) return (Weight.Count(nowMs), TenSeconds.Count(nowMs), Second.Count(nowMs));
    }

    /// <summary>Uses the minute's weight up to a count.</summary>
    public void SetUsedWeight(long nowMs, int used)
    {
        lock (_sync) Weight.Add(nowMs, used - Weight.Count(nowMs));
    }

    public void BanUntil(long ms)
    {
        lock (_sync) _bannedUntil = ms;
    }

    private static int Seconds(long ms) => (int)((ms + 999) / 1000);

    private Refusal Banned(long nowMs) => new(
        418, -1003, string.Create(CultureInfo.InvariantCulture,
            $"Way too much request weight used; IP banned until {_bannedUntil}. Please use WebSocket Streams for live updates to avoid bans."))
    {
        RetryAfterSeconds = announcesRetry ? Seconds(_bannedUntil - nowMs) : null, RetryAfterMs = _bannedUntil,
    };
}
