namespace SearchEngine.Collections.Attributes;

/// <summary>The number keys from <paramref name="Low"/> to <paramref name="High"/>, both included; never empty.</summary>
internal readonly record struct KeyRange(long Low, long High)
{
    /// <summary>The same keys as disjoint ranges in ascending order, no two of which touch.</summary>
    public static KeyRange[] Merge(IEnumerable<KeyRange> ranges)
    {
        var merged = new List<KeyRange>();
        foreach (KeyRange range in ranges.OrderBy(static r => r.Low))
        {
            bool touches = merged.Count > 0 && (merged[^1].High == long.MaxValue || range.Low <= merged[^1].High + 1);
            if (touches)
            {
                merged[^1] = merged[^1] with { High = Math.Max(merged[^1].High, range.High) };
            }
            else
            {
                merged.Add(range);
            }
        }
        return [.. merged];
    }
}
