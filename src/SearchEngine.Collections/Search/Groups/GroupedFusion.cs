using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search.Groups;

/// <summary>
/// Groups the ranking of several queries. What a hit scores there depends on who else is ranked, so no round leaves anybody out: each fuses more
/// of every query's best hits, and the first ranking that fills the groups is the one that is grouped. The first round fuses as many as the
/// search without groups does.
/// </summary>
internal sealed class GroupedFusion(
    View view, HybridRequest request, HitGrouping grouping, CollectionSettings settings, TimeProvider clock, CancellationToken cancel)
{
    private const int Growth = 4;

    public GroupedResult Run(GroupAttribute attribute, long matches)
    {
        var sum = new RoundSum(matches);
        int[] depths = [.. request.Parts.Select(request.DepthOf)];
        while (true)
        {
            HybridRequest round = Round(attribute, depths);
            HybridResult found = new HybridSearch(view, round, settings, null, clock, cancel).Run();
            SearchResult answer = found.AsOne();
            sum.Add(answer);
            var table = new GroupTable(request.Offset + request.Count, grouping.HitsPerGroup);
            foreach (Hit hit in answer.Hits)
            {
                table.Add(attribute.ValueOf(hit), hit);
            }
            bool isAll = found.Hits.Count < round.Count && !found.Parts.Where((p, i) => p.Hits.Count >= depths[i]).Any();
            bool isDeepest = depths.All(static d => d == SearchRequest.MaxHits);
            if (table.IsFull || isAll || isDeepest || !found.IsComplete)
            {
                bool isShort = !table.IsFull && !isAll && found.IsComplete;
                string? incomplete = isShort
                    ? $"The groups are not full with the best {SearchRequest.MaxHits} hits of each query, and no more are fused."
                    : answer.IncompleteReason;
                return Result(table.Groups(request.Offset), found, sum, incomplete);
            }
            depths = [.. depths.Select(static d => (int)Math.Min(SearchRequest.MaxHits, (long)Growth * d))];
        }
    }

    private HybridRequest Round(GroupAttribute attribute, int[] depths) => request with
    {
        Parts = [.. request.Parts.Select((p, i) => p with { Depth = depths[i] })],
        Filter = attribute.Except([]),
        Offset = 0,
        Count = (int)Math.Min(SearchRequest.MaxHits, depths.Sum(static d => (long)d) + 1),
    };

    private static GroupedResult Result(IReadOnlyList<HitGroup> groups, HybridResult found, RoundSum sum, string? incomplete)
    {
        Dictionary<Documents.DocumentId, HybridHit> fused = found.Hits.ToDictionary(static h => h.Id);
        return new GroupedResult
        {
            Groups = groups,
            Result = sum.ToResult(groups, incomplete),
            Fused = found with { Hits = [.. groups.SelectMany(static g => g.Hits).Select(h => fused[h.Id])] },
            Rounds = sum.Rounds,
        };
    }
}
