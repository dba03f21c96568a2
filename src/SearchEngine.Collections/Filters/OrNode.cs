using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>At least one member holds.</summary>
internal sealed class OrNode(FilterNode[] members) : FilterNode
{
    public ReadOnlySpan<FilterNode> Members => members;

    public override RowSet Evaluate(in FilterSource source, RowSet? among)
    {
        RowSet rows = members[0].Evaluate(source, among);
        try
        {
            foreach (FilterNode member in members.AsSpan(1))
            {
                using RowSet more = member.Evaluate(source, among);
                rows.Or(more.Words);
            }
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public override MatchEstimate Estimate(in FilterSource source)
    {
        MatchEstimate estimate = MatchEstimate.Exactly(0);
        foreach (FilterNode member in members)
        {
            estimate = estimate.Or(member.Estimate(source), source.Rows);
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

    protected override void WriteTo(BinaryWriter writer) => WriteMembers(writer, '|', members);
}
