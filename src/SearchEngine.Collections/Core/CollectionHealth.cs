using System.Collections.Concurrent;

namespace SearchEngine.Collections.Core;

/// <summary>What is wrong with a collection at the moment, by part; and what was found damaged when it was opened.</summary>
internal sealed class CollectionHealth(IReadOnlyCollection<Quarantined> damage)
{
    private readonly ConcurrentDictionary<string, string> _failures = new();

    public IReadOnlyDictionary<string, string> Failures => _failures;

    /// <summary>Set aside as damaged, now or when it was opened before.</summary>
    public IReadOnlyCollection<Quarantined> Damage => damage;

    public void Report(string part, Exception failure) => _failures[part] = failure.Message;

    public void Recovered(string part) => _failures.TryRemove(part, out _);
}
