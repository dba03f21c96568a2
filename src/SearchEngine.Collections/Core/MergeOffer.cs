namespace SearchEngine.Collections.Core;

/// <summary>Segments that could be one, for searches to pay for: rent for leaving them apart until it comes to the price of the
/// merge. So both together are at most about twice what knowing all searches beforehand would have cost.</summary>
/// <param name="Segments">Positions, the largest last.</param>
/// <param name="Rent">What searches have paid since the newest of them was made, in walks.</param>
/// <param name="Price">What merging them costs, in walks.</param>
internal readonly record struct MergeOffer(int[] Segments, double Rent, double Price)
{
    /// <summary>The share that is paid.</summary>
    public double Paid => Rent / Price;

    public bool IsDue => Rent >= Price;

    /// <summary>The offer of which the largest share is paid: a pure function of sizes and counts.</summary>
    /// <returns>Null when no two segments can be merged.</returns>
    public static MergeOffer? Best(IReadOnlyList<SegmentSize> segments, SegmentLimits limits)
    {
        MergeOffer? best = null;
        int[] bySize = [.. Enumerable.Range(0, segments.Count).OrderBy(i => segments[i].Alive)];
        for (int first = 0; first < bySize.Length - 1; first++)
        {
            SegmentSize others = segments[bySize[first]];
            var chosen = new List<int> { bySize[first] };
            double walks = MergePrice.OfWalk(others);
            foreach (int i in bySize.AsSpan(first + 1))
            {
                SegmentSize largest = segments[i];
                if (!limits.Allow(others + largest))
                {
                    continue;
                }
                chosen.Add(i);
                long searches = chosen.Min(c => segments[c].Searches);
                var offer = new MergeOffer([.. chosen], searches * walks, MergePrice.Of(largest, others));
                best = best is { } other && other.Paid >= offer.Paid ? best : offer;
                others += largest;
                walks += MergePrice.OfWalk(largest);
            }
        }
        return best;
    }

    /// <summary>The count of <see cref="SegmentSize.Rewrites"/> for the segment that a merge makes. One that is rewritten alone, for its dead
    /// rows, keeps its own.</summary>
    public static int RewritesOf(IEnumerable<SegmentSize> merged)
    {
        SegmentSize[] bySize = [.. merged.OrderBy(static s => s.Alive)];
        SegmentSize largest = bySize[^1], others = bySize[..^1].Aggregate(default(SegmentSize), static (sum, next) => sum + next);
        return bySize.Length == 1 ? largest.Rewrites : MergePrice.IsGrowth(largest, others) ? 0 : largest.Rewrites + 1;
    }
}
