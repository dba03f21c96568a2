using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Merge;

/// <summary>Finds equal live rows across the sources of a merge, by 128-bit hashes of their stored truth.</summary>
internal sealed class RowTwins
{
    private readonly (int Source, uint Ordinal)[][] _firstOf;

    /// <param name="sources">Equal rows within the first <paramref name="standing"/> of them are left as they are.</param>
    public RowTwins(IReadOnlyList<GraphSource> sources, int standing)
    {
        _firstOf = [.. sources.Select(s => new (int, uint)[s.Count])];
        var seen = new Dictionary<UInt128, (int, uint)>();
        for (int s = 0; s < sources.Count && sources.Count > standing; s++)
        {
            var row = new float[sources[s].Dimension];
            for (uint ordinal = 0; ordinal < (uint)sources[s].Count; ordinal++)
            {
                if (!sources[s].IsLive(ordinal))
                {
                    continue;
                }
                sources[s].Truth.Read(ordinal, row);
                UInt128 hash = RowHash.Of(row);
                seen.TryAdd(hash, (s, ordinal));
                _firstOf[s][ordinal] = seen[hash];
            }
        }
    }

    public (int Source, uint Ordinal) FirstOf(int source, uint ordinal) => _firstOf[source][ordinal];
}
