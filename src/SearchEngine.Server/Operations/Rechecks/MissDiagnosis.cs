using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>
/// Finds out why hits were missed, by asking again with one thing changed at a time, the cheapest explanation first: more candidates scored
/// from their stored vectors (the codes misjudged it), a greater breadth (the walk ended too early), no filter (the way through
/// the graph leads over rows that the filter hides). What none of these finds the graph does not lead to.
/// </summary>
internal static class MissDiagnosis
{
    private const int BreadthFactor = 8;
    private const int LeastBreadth = 64;
    private const float ManyCandidates = 64;

    public static IReadOnlyList<(Engine.Hit Hit, int Rank, MissReason Reason)> Of(Sample sample, Recheck recheck, CancellationToken cancel)
    {
        Engine.SearchRequest asked = sample.Request;
        int wanted = asked.Count + asked.Offset;
        int breadth = Math.Max(sample.Result.Plan.Breadth, LeastBreadth);
        var left = new List<(Engine.Hit Hit, int Rank)>(recheck.Missed);
        var found = new List<(Engine.Hit, int, MissReason)>();
        Engine.SearchRequest rescored = asked with { ByCodes = false, Oversampling = ManyCandidates, Accuracy = Engine.Accuracy.OfBreadth(Math.Max(breadth, wanted)) };
        Engine.SearchRequest wide = rescored with { Accuracy = Engine.Accuracy.OfBreadth(Math.Min(BreadthFactor * Math.Max(breadth, wanted), Engine.SearchRequest.MaxBreadth)) };
        Settle(sample.View, rescored, MissReason.Quantization, left, found, cancel);
        Settle(sample.View, wide, MissReason.Breadth, left, found, cancel);
        if (!asked.Filter.IsEmpty)
        {
            Settle(sample.View, wide with { Filter = Filter.All, Count = Math.Min(Engine.SearchRequest.MaxHits, BreadthFactor * wanted), Offset = 0 }, MissReason.Filter, left, found, cancel);
        }
        found.AddRange(left.Select(static m => (m.Hit, m.Rank, MissReason.Graph)));
        return found;
    }

    private static void Settle(
        PinnedView view, Engine.SearchRequest request, MissReason reason, List<(Engine.Hit Hit, int Rank)> left,
        List<(Engine.Hit, int, MissReason)> found, CancellationToken cancel)
    {
        if (left.Count == 0)
        {
            return;
        }
        HashSet<DocumentId> seen = [.. view.Search(request, cancel).Hits.Select(static h => h.Id)];
        found.AddRange(left.Where(m => seen.Contains(m.Hit.Id)).Select(m => (m.Hit, m.Rank, reason)));
        left.RemoveAll(m => seen.Contains(m.Hit.Id));
    }
}
