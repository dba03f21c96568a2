using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>Every row, or none: only ever a whole filter.</summary>
internal sealed class ConstantNode : FilterNode
{
    private readonly char _kind;

    private ConstantNode(char kind) => _kind = kind;

    public static ConstantNode All { get; } = new('1');

    public static ConstantNode None { get; } = new('0');

    public override RowSet Evaluate(in FilterSource source, RowSet? among) =>
        this == All ? RowSet.All(source.Rows) : RowSet.None(source.Rows);

    public override MatchEstimate Estimate(in FilterSource source) => MatchEstimate.Exactly(this == All ? source.Rows : 0);

    public override double Cost(in FilterSource source) => 0;

    protected override void WriteTo(BinaryWriter writer) => writer.Write((byte)_kind);
}
