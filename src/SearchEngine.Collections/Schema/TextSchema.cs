namespace SearchEngine.Collections.Schema;

/// <summary>One text field: stored and returned, and searched by its words where it has an index.</summary>
public sealed record TextSchema : IField
{
    public const double DefaultSaturation = 1.2;
    public const double DefaultLengthWeight = 0.75;
    public const double MaxSaturation = 10;

    public required string Name { get; init; }

    public bool IsRequired { get; init; }

    public TextIndex Index { get; init; }

    /// <summary>BM25's k1: how soon further occurrences of a word stop to count.</summary>
    public double Saturation { get; init; } = DefaultSaturation;

    /// <summary>BM25's b: how much the length of the text counts, 0 to 1.</summary>
    public double LengthWeight { get; init; } = DefaultLengthWeight;
}
