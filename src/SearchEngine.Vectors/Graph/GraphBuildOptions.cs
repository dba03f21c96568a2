namespace SearchEngine.Vectors.Graph;

/// <summary>How links are built, in the terms of the HNSW paper: M, efConstruction.</summary>
internal sealed record GraphBuildOptions(int MaxLinks, int Breadth, int Threads)
{
    /// <summary>Of the choice of entry points.</summary>
    public ulong Seed { get; init; }

    /// <summary>Level 0 holds twice the links of the upper levels, as in the paper.</summary>
    public int MaxBaseLinks => 2 * MaxLinks;

    /// <summary>
    /// Links that a row chooses for itself on level 0; the rest of its row is room for links back. Recall at breadth 150 on
    /// emb768-200k: 16 links 0.951, 24 links 0.959, hnswlib 0.956 with 16; rows scored per recall are equal (2026-11-21).
    /// </summary>
    public int OwnBaseLinks { get; init; } = MaxLinks + MaxLinks / 4;

    /// <summary>
    /// Candidates expanded for a row whose neighbours of an earlier graph are known; as many are kept as for any other row,
    /// since links are chosen from near and far. Merge of 8 at 55,000 rows, recall at breadth 60 against a fresh build: 5/8
    /// expanded and kept -0.011 cosine, -0.015 L2; 5/8 expanded, all kept -0.003 and -0.006; 3/4 -0.000 and -0.003 (2026-11-26).
    /// </summary>
    public int NearBreadth { get; init; } = Math.Max(4 * MaxLinks, Breadth * 3 / 4);

    /// <summary>Rows inserted so far per row of the next batch: rows of one batch do not see each other.</summary>
    public int BatchShare { get; init; } = 32;

    public int MaxBatch { get; init; } = 8192;
}
