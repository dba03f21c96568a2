using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>All members hold.</summary>
internal sealed class AndNode(FilterNode[] members) : FilterNode
{
    public ReadOnlySpan<FilterNode> Members => members;

    public override RowSet Evaluate(in FilterSource source, RowSet? among)
    {
        RowSet? rows = null;
        try
        {
            foreach (FilterNode member in CheapestFirst(source))
            {
                using RowSet? before = rows;
                rows = member.Evaluate(source, before ?? among);
                if (before is not null)
                {
                    rows.And(before.Words);
                }
                if (IsEmpty(rows))
                {
                    break;
                }
            }
            return rows!;
        }
        catch
        {
            rows?.Dispose();
            throw;
        }
    }

    public override MatchEstimate Estimate(in FilterSource source)
    {
        MatchEstimate estimate = MatchEstimate.Exactly(source.Rows);
        foreach (FilterNode member in members)
        {
            estimate = estimate.And(member.Estimate(source), source.Rows);
        }
        return estimate;
    }

    public override double Cost(in FilterSource source)
    {
        double cost = 0;
        foreach (FilterNode member in members)
        {
            cost += member.Cost(source);
        }
        return cost;
    }

    protected override void WriteTo(BinaryWriter writer) => WriteMembers(writer, '&', members);

    private FilterNode[] CheapestFirst(in FilterSource source)
    {
        var costs = new double[members.Length];
        for (int i = 0; i < costs.Length; i++)
        {
            costs[i] = members[i].Cost(source);
        }
        FilterNode[] order = [.. members];
        Array.Sort(costs, order);
        return order;
    }

    private static bool IsEmpty(RowSet rows) => rows.Words.IndexOfAnyExcept(0UL) < 0;
}
