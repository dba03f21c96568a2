namespace SearchEngine.Benchmarks.Vectors;

/// <summary>A peer program and the form of its index that is measured.</summary>
internal sealed record Peer(string Program, string Variant)
{
    public static IReadOnlyList<Peer> All { get; } =
    [
        new("hnswlib", "f32"), new("faiss", "flat"), new("faiss", "sq8"), new("usearch", "f32"), new("usearch", "f16"),
        new("usearch", "i8"),
    ];

    public string Name => $"{Program}-{Variant}";
}
