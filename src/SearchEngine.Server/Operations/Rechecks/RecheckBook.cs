using System.Collections.Concurrent;

namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>What rechecks have found: a tally per collection and the newest wrong searches.</summary>
internal sealed class RecheckBook(TimeProvider time)
{
    public const int Kept = 1_000;

    // Collections come and go; a tally without an end of them would grow.
    private const int MostCollections = 10_000;

    private readonly ConcurrentDictionary<string, RecheckTally> _tallies = new(StringComparer.Ordinal);
    private long _dropped;

    public LogRing<Wire.WrongSearch> Wrong { get; } = new(Kept);

    /// <summary>Sampled searches that were not checked.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public IEnumerable<RecheckTally> Tallies => _tallies.Values.OrderBy(static t => t.Collection, StringComparer.Ordinal);

    public void Drop() => Interlocked.Increment(ref _dropped);

    public void Add(string collection, double recall)
    {
        if (_tallies.Count >= MostCollections && !_tallies.ContainsKey(collection))
        {
            return;
        }
        _tallies.GetOrAdd(collection, static (name, now) => new RecheckTally(name, now), time.GetUtcNow()).Add(recall);
    }
}
