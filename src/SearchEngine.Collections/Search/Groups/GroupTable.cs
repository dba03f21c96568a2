using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Search.Groups;

/// <summary>Hits by value, as the rounds of a grouped search find them.</summary>
/// <param name="wanted">Groups, those to be skipped included.</param>
/// <param name="perGroup">Hits that make a group full.</param>
internal sealed class GroupTable(int wanted, int perGroup)
{
    private readonly Dictionary<AttributeValue, List<Hit>> _groups = [];
    private readonly HashSet<DocumentId> _seen = [];

    public bool HasAllGroups => _groups.Count >= wanted;

    /// <summary>Every group that is wanted is there, and full.</summary>
    public bool IsFull => HasAllGroups && Open.Length == 0;

    /// <summary>Values whose groups need no more hits.</summary>
    public AttributeValue[] Closed => [.. _groups.Where(g => g.Value.Count >= perGroup).Select(static g => g.Key)];

    /// <summary>Values of the best groups that do.</summary>
    public AttributeValue[] Open => [.. Best().Where(g => g.Hits.Count < perGroup).Select(static g => g.Value)];

    /// <summary>A hit that was added before changes nothing.</summary>
    public void Add(AttributeValue value, in Hit hit)
    {
        if (!_seen.Add(hit.Id))
        {
            return;
        }
        if (!_groups.TryGetValue(value, out List<Hit>? hits))
        {
            _groups[value] = hits = [];
        }
        hits.Add(hit);
    }

    /// <summary>The wanted groups behind the first <paramref name="offset"/>, best first.</summary>
    public IReadOnlyList<HitGroup> Groups(int offset) =>
        [.. Best().Skip(offset).Select(g => new HitGroup(g.Value, [.. g.Hits.Order(ByScore.Instance).Take(perGroup)]))];

    // Rounds of walks may find a better hit after a worse one.
    private IEnumerable<(AttributeValue Value, List<Hit> Hits)> Best() => _groups
        .Select(static g => (g.Key, g.Value, Best: g.Value.Min(ByScore.Instance)))
        .OrderBy(static g => g.Best, ByScore.Instance)
        .Take(wanted)
        .Select(static g => (g.Key, g.Value));

    private sealed class ByScore : IComparer<Hit>
    {
        public static readonly ByScore Instance = new();

        public int Compare(Hit x, Hit y) => x.Score != y.Score ? y.Score.CompareTo(x.Score) : x.Id.CompareTo(y.Id);
    }
}
