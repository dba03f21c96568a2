namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>A parsed pattern.</summary>
internal abstract record PatternNode
{
    /// <summary>Least number of characters a match takes.</summary>
    public abstract int MinLength { get; }

    /// <summary>The number of characters every match takes, or -1 when matches differ.</summary>
    public abstract int FixedLength { get; }

    internal sealed record Set(CodePointSet Members) : PatternNode
    {
        public override int MinLength => 1;

        public override int FixedLength => 1;
    }

    internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode
    {
        public override int MinLength => Parts.Aggregate(0, (sum, part) => Math.Min(PatternLimits.MaxRepeat, sum + part.MinLength));

        public override int FixedLength =>
            Parts.All(part => part.FixedLength >= 0) ? Parts.Sum(part => part.FixedLength) : -1;
    }

    internal sealed record Alternation(IReadOnlyList<PatternNode> Choices) : PatternNode
    {
        public override int MinLength => Choices.Min(choice => choice.MinLength);

        public override int FixedLength =>
            Choices.All(choice => choice.FixedLength == Choices[0].FixedLength) ? Choices[0].FixedLength : -1;
    }

    /// <param name="Body">What is repeated.</param>
    /// <param name="Min">At least so often.</param>
    /// <param name="Max">At most so often; int.MaxValue without limit.</param>
    /// <param name="Mode">What is tried first, and whether it is given back.</param>
    internal sealed record Repeat(PatternNode Body, int Min, int Max, RepeatMode Mode) : PatternNode
    {
        public override int MinLength => (int)Math.Min(PatternLimits.MaxRepeat, (long)Min * Body.MinLength);

        public override int FixedLength => Min == Max && Body.FixedLength >= 0
            ? (int)Math.Min(PatternLimits.MaxRepeat, (long)Min * Body.FixedLength)
            : -1;
    }

    /// <summary>(?&gt;...): once matched, nothing of it is given back.</summary>
    internal sealed record Atomic(PatternNode Body) : PatternNode
    {
        public override int MinLength => Body.MinLength;

        public override int FixedLength => Body.FixedLength;
    }

    internal sealed record Look(PatternNode Body, LookKind Kind) : PatternNode
    {
        public override int MinLength => 0;

        public override int FixedLength => 0;
    }

    internal sealed record Anchor(AnchorKind Kind) : PatternNode
    {
        public override int MinLength => 0;

        public override int FixedLength => 0;
    }
}
