using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>The member does not hold.</summary>
internal sealed class NotNode(FilterNode member) : FilterNode
{
    public FilterNode Member => member;

    public override RowSet Evaluate(in FilterSource source, RowSet? among)
    {
        RowSet rows = member.Evaluate(source, among);
        rows.Invert();
        return rows;
    }

    public override MatchEstimate Estimate(in FilterSource source) => member.Estimate(source).Not(source.Rows);

    public override double Cost(in FilterSource source) => member.Cost(source);

    protected override void WriteTo(BinaryWriter writer) => WriteMembers(writer, '!', [member]);
}
