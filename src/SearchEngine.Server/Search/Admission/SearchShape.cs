namespace SearchEngine.Server.Search.Admission;

/// <summary>What the cost of a search depends on, known before it runs.</summary>
/// <param name="Space">Collection and vector that are searched.</param>
/// <param name="Kind">How.</param>
/// <param name="Rows">Documents of the collection; of words and sparse vectors, those that a filter looks at.</param>
/// <param name="Dimension">Of the vector.</param>
/// <param name="Breadth">Breadth asked for, or about what a target recall takes.</param>
/// <param name="Wanted">Hits, those skipped included.</param>
internal readonly record struct SearchShape(string Space, ShapeKind Kind, long Rows, int Dimension, int Breadth, int Wanted)
{
    /// <summary>Of the query's words or dimensions; 0 for dense vectors.</summary>
    public long Postings { get; init; }

    /// <summary>Of late interaction: pairs of a row of the query and a stored one.</summary>
    public long Products { get; init; }

    // 2026-11-26: four rows against four of the query take 10.7 ns a pair at 768 dimensions.
    private const double ProductNanos = 2, ProductElementNanos = 0.012;
    private const double PostingNanos = 20;
    private const double ExactRowNanos = 20, WalkRowNanos = 18, FilterWordNanos = 10, HitNanos = 400, FixedNanos = 10_000;
    private const double TruthNanos = 2 * 2.6 / 64, CodeNanos = 1.3 / 64;

    /// <summary>Rows that a walk scores per unit of breadth, and before it is near the query (see SearchCosts of the vectors).</summary>
    private const int RowsPerBreadth = 16, RowsOfDescent = 250;

    /// <summary>Cost by a formula for an idle machine; what is measured corrects it.</summary>
    public double FormulaMicros
    {
        get
        {
            double walked = Math.Min(Rows, (double)RowsPerBreadth * Math.Max(Breadth, Wanted) + RowsOfDescent);
            double nanos = Kind switch
            {
                ShapeKind.Exact => Rows * (ExactRowNanos + TruthNanos * Dimension),
                ShapeKind.Filtered => Rows / 64.0 * FilterWordNanos + 2 * walked * (WalkRowNanos + CodeNanos * Dimension),
                ShapeKind.Tokens => Products * (ProductNanos + ProductElementNanos * Dimension) + Rows / 64.0 * FilterWordNanos,
                ShapeKind.Words or ShapeKind.Weights => Postings * PostingNanos + Rows / 64.0 * FilterWordNanos,
                _ => walked * (WalkRowNanos + CodeNanos * Dimension),
            };
            return (nanos + FixedNanos + HitNanos * Wanted) / 1000;
        }
    }
}
