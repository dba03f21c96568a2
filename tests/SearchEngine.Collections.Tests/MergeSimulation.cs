using SearchEngine.Collections.Core;

namespace SearchEngine.Collections.Tests;

/// <summary>Flushes and searches without rows: what merging and leaving apart have cost, in walks.</summary>
internal sealed class MergeSimulation(int flushRows, int most)
{
    private readonly List<SegmentSize> _segments = [];

    public IReadOnlyList<SegmentSize> Segments => _segments;

    /// <summary>What searches paid for walking segments beside the largest.</summary>
    public double Rent { get; private set; }

    public double MergeCost { get; private set; }

    /// <summary>Rows written, by flushes and merges.</summary>
    public long Written { get; private set; }

    public int PaidMerges { get; private set; }

    public void Flush()
    {
        _segments.Add(new SegmentSize(flushRows, 0));
        Written += flushRows;
        Upkeep();
    }

    /// <summary>Searches, upkeep looking after every so many.</summary>
    public void Search(long searches, long look)
    {
        for (long done = 0; done < searches; done += look)
        {
            long now = Math.Min(look, searches - done);
            double walks = _segments.Sum(static s => MergePrice.OfWalk(s)) - (_segments.Count == 0 ? 0 : _segments.Max(static s => MergePrice.OfWalk(s)));
            Rent += now * walks;
            for (int i = 0; i < _segments.Count; i++)
            {
                _segments[i] = _segments[i] with { Searches = _segments[i].Searches + now };
            }
            Upkeep();
        }
    }

    private void Upkeep()
    {
        while (Next() is { Length: > 0 } chosen)
        {
            Merge(chosen);
        }
    }

    private int[] Next()
    {
        if (MergePolicy.Choose(_segments, most, SegmentLimits.OfFiles) is { Length: > 0 } needed)
        {
            return needed;
        }
        if (MergeOffer.Best(_segments, SegmentLimits.OfFiles) is { IsDue: true } due)
        {
            PaidMerges++;
            return due.Segments;
        }
        return [];
    }

    private void Merge(int[] chosen)
    {
        SegmentSize[] merged = [.. chosen.Select(i => _segments[i])];
        int largest = merged.Max(static s => s.Rows), rows = merged.Sum(static s => s.Rows);
        MergeCost += Price(largest, rows - largest);
        Written += rows;
        int rewrites = MergeOffer.RewritesOf(merged);
        foreach (int i in chosen.OrderDescending())
        {
            _segments.RemoveAt(i);
        }
        _segments.Add(new SegmentSize(rows, 0, Rewrites: rewrites));
    }

    /// <summary>What a merge costs, whatever the policy makes of it.</summary>
    public static double Price(int largest, int others) =>
        MergePrice.Tuning + MergePrice.InsertedRow * others + MergePrice.CopiedRow * largest;
}
