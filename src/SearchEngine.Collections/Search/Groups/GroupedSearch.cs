using System.Diagnostics;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search.Groups;

/// <summary>
/// Searches until groups are full or matches end, in rounds over one view. The first round asks for more hits than the groups can hold; where
/// that does not fill them, the next ones leave out the values whose groups are full, and once there are as many groups as are wanted, look for
/// their missing hits alone. A round that finds all it asked for fills a group more, so there are at most twice as many rounds as groups, and
/// scores are those of the search without groups: exact rounds give exactly the groups of the whole exact ranking.
/// </summary>
internal sealed class GroupedSearch(
    View view, QueryRequest request, HitGrouping grouping, CollectionSettings settings, TimeProvider clock, CancellationToken cancel)
{
    private readonly int _groups = request.Offset + request.Count;
    private readonly UnindexedFilter _unindexed = settings.StricterOf(request.Unindexed);

    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public GroupedResult Run(ISearchProgress? progress)
    {
        Check();
        var attribute = GroupAttribute.Of(view, grouping, request.Filter, _unindexed);
        long matches = new Counting(view, request.Filter, _unindexed).Exactly();
        progress?.Planned(matches, view.Sources.Count, view.Sequence);
        return request is HybridRequest hybrid
            ? new GroupedFusion(view, hybrid, grouping, settings, clock, cancel).Run(attribute, matches)
            : Run(attribute, matches);
    }

    private GroupedResult Run(GroupAttribute attribute, long matches)
    {
        var table = new GroupTable(_groups, grouping.HitsPerGroup);
        var sum = new RoundSum(matches);
        long began = Stopwatch.GetTimestamp();
        string? incomplete = null;
        while (incomplete is null && !table.IsFull)
        {
            bool isSeeking = !table.HasAllGroups;
            AttributeValue[] values = isSeeking ? table.Closed : table.Open;
            int asked = grouping.HitsAsked(isSeeking ? _groups : values.Length);
            Filter filter = isSeeking ? attribute.Except(values) : attribute.Among(values);
            if (!TryLimit(request with { Filter = filter, Count = asked, Offset = 0 }, sum.Scored, began, out QueryRequest round, out incomplete))
            {
                break;
            }
            SearchResult found = ViewSearch.Run(view, round, settings, null, clock, cancel);
            sum.Add(found);
            foreach (Hit hit in found.Hits)
            {
                table.Add(attribute.ValueOf(hit), hit);
            }
            incomplete = found.IncompleteReason;
            if (found.Hits.Count < asked)
            {
                break;
            }
        }
        IReadOnlyList<HitGroup> groups = table.Groups(request.Offset);
        return new GroupedResult { Groups = groups, Result = sum.ToResult(groups, incomplete), Rounds = sum.Rounds };
    }

    // The ceilings of the request hold for all rounds together.
    private bool TryLimit(QueryRequest wanted, long scored, long began, out QueryRequest round, out string? incomplete)
    {
        (round, incomplete) = (wanted, null);
        if (wanted is not SearchRequest vector || scored == 0)
        {
            return true;
        }
        TimeSpan? left = vector.TimeBudget - Stopwatch.GetElapsedTime(began);
        incomplete = left <= TimeSpan.Zero ? vector.Limits.TimeReason : vector.Limits.IsReached(scored) ? vector.Limits.ScoredReason : null;
        round = vector with { TimeBudget = left, MaxScored = vector.MaxScored == 0 ? 0 : (int)(vector.MaxScored - scored) };
        return incomplete is null;
    }

    private void Check()
    {
        if (request.Late is not null)
        {
            // Its order is of its candidates alone: leaving some out would bring in others.
            throw new CollectionException(
                CollectionError.FieldInvalid, "grouping", "Hits ordered by late interaction cannot be grouped.",
                "Search by the multi vector itself, or group the search without its second stage.");
        }
        request.Window.Check();
        if (grouping.HitsPerGroup is < 1 or > HitGrouping.MaxHitsPerGroup)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "grouping.hits_per_group",
                $"{grouping.HitsPerGroup} hits per group: 1 to {HitGrouping.MaxHitsPerGroup} are possible.", "Ask for fewer.");
        }
        if ((long)_groups * grouping.HitsPerGroup > HitGrouping.MaxHits)
        {
            throw new CollectionException(
                CollectionError.Window, "grouping.hits_per_group",
                $"{_groups} groups of {grouping.HitsPerGroup} hits, those skipped included, surpass {HitGrouping.MaxHits} hits.",
                "Ask for fewer groups or hits of each.");
        }
    }
}
