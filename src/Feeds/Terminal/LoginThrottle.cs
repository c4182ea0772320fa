using System.Net;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>
/// Back-off after failed logins, per address and per client. A client that has logged in from an address before is held up only by its own failures
/// from there: terminals on one machine share an address, and who knows a client's name must not be able to keep the client out.
/// </summary>
internal sealed class LoginThrottle(TerminalServerOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Table _addresses = new(options, time);
    private readonly Table _clients = new(options, time);
    private readonly Table _pairs = new(options, time);
    private readonly Dictionary<(IPAddress, string), long> _good = [];

    /// <summary>How long a login must wait; zero = it may go on.</summary>
    public TimeSpan WaitOf(IPAddress address, string client)
    {
        lock (_lock)
        {
            if (_good.ContainsKey((address, client))) return _pairs.WaitOf(Pair(address, client));
            var forClient = _clients.WaitOf(client);
            var forAddress = _addresses.WaitOf(address.ToString());
            return forClient > forAddress ? forClient : forAddress;
        }
    }

    /// <summary>The proof was wrong or the client unknown.</summary>
    public void Failed(IPAddress address, string client)
    {
        lock (_lock)
        {
            _addresses.Failed(address.ToString());
            _clients.Failed(client);
            _pairs.Failed(Pair(address, client));
        }
    }

    /// <summary>The client proved its secret.</summary>
    public void Succeeded(IPAddress address, string client)
    {
        lock (_lock)
        {
            _clients.Forget(client);
            _pairs.Forget(Pair(address, client));
            if (_good.Count >= options.MaxRememberedFailures && !_good.ContainsKey((address, client)))
                _good.Remove(_good.MinBy(g => g.Value).Key);
            _good[(address, client)] = time.GetTimestamp();
        }
    }

    private static string Pair(IPAddress address, string client) => $"{client} {address}";

    private sealed class Table(TerminalServerOptions options, TimeProvider time)
    {
        private readonly Dictionary<string, (int Count, long Last)> _failures = new(StringComparer.Ordinal);

        public TimeSpan WaitOf(string key)
        {
            if (!_failures.TryGetValue(key, out var failure)) return TimeSpan.Zero;
            var left = BackOffAfter(failure.Count) - time.GetElapsedTime(failure.Last);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        public void Failed(string key)
        {
            var count = _failures.TryGetValue(key, out var failure) && time.GetElapsedTime(failure.Last) < options.MaxLoginBackOff * 10 ? failure.Count + 1 : 1;
            if (_failures.Count >= options.MaxRememberedFailures && !_failures.ContainsKey(key))
                _failures.Remove(_failures.MinBy(f => f.Value.Last).Key);
            _failures[key] = (Math.Min(count, 1_000), time.GetTimestamp());
        }

        public void Forget(string key) => _failures.Remove(key);

        private TimeSpan BackOffAfter(int failures)
        {
            var counted = failures - options.FreeLoginFailures;
            if (counted <= 0) return TimeSpan.Zero;
            var doubled = options.FirstLoginBackOff * Math.Pow(2, Math.Min(counted - 1, 20));
            return doubled < options.MaxLoginBackOff ? doubled : options.MaxLoginBackOff;
        }
    }
}
