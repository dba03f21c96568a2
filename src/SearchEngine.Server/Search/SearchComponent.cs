using SearchEngine.Collections.Schema;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Search.Admission;

namespace SearchEngine.Server.Search;

/// <summary>One query of a search: the only one, or one of several whose rankings are made one.</summary>
internal sealed record SearchComponent
{
    /// <summary>What hits call it.</summary>
    public required string Name { get; init; }

    /// <summary>The dense vector that is searched; null for words, sparse and multi vectors.</summary>
    public VectorSchema? Vector { get; init; }

    /// <summary>The sparse vector that is searched; null for everything else.</summary>
    public SparseSchema? Sparse { get; init; }

    /// <summary>The multi vector that late interaction scores by; null for everything else.</summary>
    public MultiSchema? Multi { get; init; }

    /// <summary>The vector of any kind; null for words.</summary>
    public IVectorField? Field => (IVectorField?)Vector ?? (IVectorField?)Sparse ?? Multi;

    /// <summary>What to encode before the search can start; null where nothing is.</summary>
    public QueryText? Text { get; init; }

    /// <summary>What it became, once <see cref="SearchTexts"/> has seen it.</summary>
    public EncodedQuery? Encoded { get; init; }

    /// <summary>What the cost depends on.</summary>
    public required SearchShape Shape { get; init; }

    /// <summary>For so many hits.</summary>
    public SearchComponent Asking(int hits) => this with { Shape = Shape with { Wanted = hits } };

    public Wire.ScoreKind ScoreKind => Multi is not null ? Wire.ScoreKind.MaxSim
        : Sparse is not null ? Wire.ScoreKind.SparseDot
        : Vector is null ? Wire.ScoreKind.Bm25 : PlanMap.KindOf(Vector.Metric);
}
