using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace SearchEngine.Collections.Core;

/// <summary>What is wrong with a collection at the moment, by part; and what was found damaged. Any thread.</summary>
internal sealed class CollectionHealth
{
    /// <summary>Flushes and merges.</summary>
    public const string Upkeep = "upkeep";

    /// <summary>Merges that searches have paid for and nothing else needs.</summary>
    public const string Merging = "merging";

    /// <summary>What merges keep of their work, so that a restart need not begin them anew.</summary>
    public const string Progress = "merge progress";

    public const string Log = "log";

    public const string Linking = "linking";

    /// <summary>Files that are of no use any more and could not be removed; the next start tries again.</summary>
    public const string Removal = "removal";

    private readonly ConcurrentDictionary<string, Exception> _failures = new();
    private ImmutableList<Quarantined> _damage = [];
    private ImmutableHashSet<ulong> _damagedSegments = [];
    private ImmutableList<string> _unknownFiles = [];

    public IReadOnlyDictionary<string, string> Failures => _failures.ToDictionary(static f => f.Key, static f => f.Value.Message);

    /// <summary>Set aside when the collection was opened, now or before, or found while it runs.</summary>
    public IReadOnlyCollection<Quarantined> Damage => _damage;

    /// <summary>Found in the collection's directory when it was opened, and none of its files: left alone.</summary>
    public IReadOnlyCollection<string> UnknownFiles => _unknownFiles;

    public Exception? FailureOf(string part) => _failures.GetValueOrDefault(part);

    public void Report(string part, Exception failure) => _failures[part] = failure;

    public void Recovered(string part) => _failures.TryRemove(part, out _);

    public void Found(IEnumerable<Quarantined> damage) =>
        ImmutableInterlocked.Update(ref _damage, static (known, found) => known.AddRange(found.Except(known)), damage);

    public void Unknown(IEnumerable<string> files) =>
        ImmutableInterlocked.Update(ref _unknownFiles, static (known, found) => known.AddRange(found), files);

    /// <summary>A segment in use is damaged.</summary>
    public void Found(ulong segment, Quarantined damage)
    {
        Found([damage]);
        ImmutableInterlocked.Update(ref _damagedSegments, static (known, id) => known.Add(id), segment);
    }

    public bool IsDamaged(ulong segment) => _damagedSegments.Contains(segment);
}
