namespace SearchEngine.Collections.Search;

/// <summary>One query of several whose rankings are made one. Its own count, offset and filter are not used: those of the whole are.</summary>
public abstract record HybridPart
{
    private HybridPart()
    {
    }

    /// <summary>The query, whatever it searches by.</summary>
    public abstract QueryRequest Query { get; }

    /// <summary>What its ranking counts: above 0.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>How many of its best hits are fused; null takes <see cref="HybridRequest.DefaultDepth"/>, or all that are asked for.</summary>
    public int? Depth { get; init; }

    /// <summary>By a vector.</summary>
    public sealed record ByVector(SearchRequest Request) : HybridPart
    {
        public override QueryRequest Query => Request;
    }

    /// <summary>By late interaction.</summary>
    public sealed record ByMulti(MultiSearchRequest Request) : HybridPart
    {
        public override QueryRequest Query => Request;
    }

    /// <summary>By words, or by a sparse vector.</summary>
    public sealed record ByPostings(PostingSearchRequest Request) : HybridPart
    {
        public override QueryRequest Query => Request;
    }
}
