namespace SearchEngine.Server.Search.Admission;

/// <summary>Kinds of searches whose costs are learned apart.</summary>
internal enum ShapeKind
{
    Walk,
    Filtered,
    Exact,
    Words,

    /// <summary>Sparse vectors.</summary>
    Weights,

    /// <summary>Late interaction.</summary>
    Tokens,
}
