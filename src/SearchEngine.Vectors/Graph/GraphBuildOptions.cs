namespace SearchEngine.Vectors.Graph;

/// <summary>How links are built, in the terms of the HNSW paper: M, efConstruction.</summary>
internal sealed record GraphBuildOptions(int MaxLinks, int Breadth, int Threads)
{
    /// <summary>Level 0 holds twice the links of the upper levels, as in the paper.</summary>
    public int MaxBaseLinks => 2 * MaxLinks;

    /// <summary>
    /// Links that a row chooses for itself on level 0; the rest of its row is room for links back. Recall at breadth 150 on
    /// emb768-200k: 16 links 0.951, 24 links 0.959, hnswlib 0.956 with 16; rows scored per recall are equal (2026-11-21).
    /// </summary>
    public int OwnBaseLinks { get; init; } = MaxLinks + MaxLinks / 4;

    /// <summary>Candidates of a row whose neighbours of an earlier graph are known.</summary>
    public int NearBreadth { get; init; } = Math.Max(4 * MaxLinks, Breadth * 5 / 8);

    /// <summary>Rows inserted so far per row of the next batch: rows of one batch do not see each other.</summary>
    public int BatchShare { get; init; } = 32;

    public int MaxBatch { get; init; } = 8192;
}
