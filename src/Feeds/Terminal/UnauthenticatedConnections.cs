using System.Net;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>
/// The connections that have not logged in, of a limited number. When they are too many, the newest takes the place of the one that has waited
/// longest at the address with the most of them: who floods the port pushes out its own connections first, and a terminal that logs in
/// at once is not kept out by others that only hold a place.
/// </summary>
internal sealed class UnauthenticatedConnections(int limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, (IPAddress Address, Action Cut)> _waiting = [];
    private readonly Dictionary<IPAddress, SortedSet<long>> _byAddress = [];

    /// <summary>Takes one in; true when another had to go for it.</summary>
    /// <param name="id">Its number; a later one has a larger number.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="cut">Closes it at once. Called outside any lock, at most once.</param>
    public bool Enter(long id, IPAddress address, Action cut)
    {
        Action? displaced = null;
        lock (_lock)
        {
            if (_waiting.Count >= limit)
            {
                var oldest = _byAddress.Values.MaxBy(ids => ids.Count)!.Min;
                displaced = _waiting[oldest].Cut;
                Remove(oldest);
            }

            _waiting[id] = (address, cut);
            if (!_byAddress.TryGetValue(address, out var same)) _byAddress[address] = same = [];
            same.Add(id);
        }

        displaced?.Invoke();
        return displaced is not null;
    }

    /// <summary>One has logged in or ended.</summary>
    public void Leave(long id)
    {
        lock (_lock) Remove(id);
    }

    private void Remove(long id)
    {
        if (!_waiting.Remove(id, out var gone)) return;
        var same = _byAddress[gone.Address];
        same.Remove(id);
        if (same.Count == 0) _byAddress.Remove(gone.Address);
    }
}
