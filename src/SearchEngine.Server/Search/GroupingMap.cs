using SearchEngine.Collections.Search.Groups;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Search.Admission;

namespace SearchEngine.Server.Search;

/// <summary>Groupings of the contract in the engine's words, and groups in those of the contract.</summary>
internal static class GroupingMap
{
    private const uint DefaultHits = 1;

    /// <returns>Null for a search that is not grouped. Whether the attribute can be grouped by is for the engine to say.</returns>
    public static HitGrouping? Read(Wire.Grouping? grouping)
    {
        if (grouping is null)
        {
            return null;
        }
        TextLength.Check(grouping.Attribute, Names.MaxPartBytes, "grouping.attribute");
        uint hits = grouping.HitsPerGroup == 0 ? DefaultHits : grouping.HitsPerGroup;
        return hits <= HitGrouping.MaxHitsPerGroup
            ? new HitGrouping(grouping.Attribute, (int)hits)
            : throw Refusal.Limit("grouping.hits_per_group", hits, HitGrouping.MaxHitsPerGroup, "hits per group", "Ask for fewer.");
    }

    /// <summary>What a round is predicted to cost: those without a value are left out, so it is a filtered search.</summary>
    public static SearchComponent Predicted(SearchComponent component, HitGrouping grouping, int groups)
    {
        SearchComponent asking = component.Asking(grouping.HitsAsked(groups));
        return asking.Shape.Kind == ShapeKind.Walk ? asking with { Shape = asking.Shape with { Kind = ShapeKind.Filtered } } : asking;
    }

    /// <param name="hits">Those of all groups, group after group.</param>
    public static Wire.GroupedHits Write(IReadOnlyList<HitGroup> groups, IReadOnlyList<Wire.Hit> hits)
    {
        var grouped = new Wire.GroupedHits();
        int next = 0;
        foreach (HitGroup group in groups)
        {
            var target = new Wire.HitGroup { Value = ValueMap.Write(group.Value) };
            for (int i = 0; i < group.Hits.Count; i++)
            {
                target.Hits.Add(hits[next++]);
            }
            grouped.Groups.Add(target);
        }
        return grouped;
    }
}
