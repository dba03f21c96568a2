using SearchEngine.Collections.Documents;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search.Shadow;

/// <summary>Adds up how two collections answered the same searches.</summary>
internal sealed class ShadowSums
{
    private readonly List<uint> _live = [], _shadow = [];
    private double _overlap, _shift;
    private ulong _common, _failures;

    public ulong Queries => (ulong)_live.Count;

    /// <summary>The shadow could not answer.</summary>
    public void Fail() => _failures++;

    /// <returns>Share of common ids, of the longer answer.</returns>
    public float Add(IReadOnlyList<Engine.Hit> live, long liveMicros, IReadOnlyList<Engine.Hit> shadow, long shadowMicros)
    {
        Dictionary<DocumentId, int> ranks = new(live.Count);
        for (int i = 0; i < live.Count; i++)
        {
            ranks[live[i].Id] = i;
        }
        int common = 0;
        for (int i = 0; i < shadow.Count; i++)
        {
            if (ranks.TryGetValue(shadow[i].Id, out int rank))
            {
                common++;
                _shift += Math.Abs(rank - i);
            }
        }
        int most = Math.Max(live.Count, shadow.Count);
        float overlap = most == 0 ? 1 : (float)common / most;
        _overlap += overlap;
        _common += (ulong)common;
        _live.Add(Saturated(liveMicros));
        _shadow.Add(Saturated(shadowMicros));
        return overlap;
    }

    public Wire.ShadowSummary ToSummary() => new()
    {
        Queries = Queries,
        MeanOverlap = Queries == 0 ? 0 : (float)(_overlap / Queries),
        MeanRankShift = _common == 0 ? 0 : (float)(_shift / _common),
        LiveP50Micros = At(_live, 0.5),
        LiveP99Micros = At(_live, 0.99),
        ShadowP50Micros = At(_shadow, 0.5),
        ShadowP99Micros = At(_shadow, 0.99),
        ShadowFailures = _failures,
    };

    public static uint Saturated(long micros) => (uint)Math.Clamp(micros, 0, uint.MaxValue);

    private static uint At(List<uint> micros, double share)
    {
        if (micros.Count == 0)
        {
            return 0;
        }
        uint[] sorted = [.. micros];
        Array.Sort(sorted);
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
