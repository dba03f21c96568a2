using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>At least so many members hold: more than one, fewer than all. A member that is there twice counts twice.</summary>
internal sealed class AtLeastNode(int least, FilterNode[] members) : FilterNode
{
    public override RowSet Evaluate(in FilterSource source, RowSet? among)
    {
        using var counts = new RowCounts(source.Rows, members.Length);
        foreach (FilterNode member in members)
        {
            using RowSet rows = member.Evaluate(source, among);
            counts.Add(rows.Words);
        }
        return counts.AtLeast(least);
    }

    public override MatchEstimate Estimate(in FilterSource source)
    {
        // Every matching row is counted at least `least` times, and a row at most once per member.
        long sumLeast = 0;
        long sumLikely = 0;
        long sumMost = 0;
        foreach (FilterNode member in members)
        {
            MatchEstimate estimate = member.Estimate(source);
            sumLeast += estimate.Least;
            sumLikely += estimate.Likely;
            sumMost += estimate.Most;
        }
        long most = Math.Min(source.Rows, sumMost / least);
        long spare = sumLeast - (long)(least - 1) * source.Rows;
        long fewest = spare <= 0 ? 0 : (spare + members.Length - least) / (members.Length - least + 1);
        return new MatchEstimate(fewest, Math.Clamp(sumLikely / least, fewest, most), most);
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

    protected override void WriteTo(BinaryWriter writer)
    {
        writer.Write((byte)'k');
        writer.Write(least);
        WriteMembers(writer, '#', members);
    }
}
