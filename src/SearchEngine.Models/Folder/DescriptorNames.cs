namespace SearchEngine.Models.Folder;

/// <summary>How encoder.json spells choices.</summary>
internal static class DescriptorNames
{
    public static readonly IReadOnlyList<(string Name, PoolingMode Value)> Poolings =
    [
        ("mean", PoolingMode.Mean), ("cls", PoolingMode.Cls), ("last", PoolingMode.Last), ("model", PoolingMode.Model),
    ];

    public static readonly IReadOnlyList<(string Name, VectorNormalization Value)> Normalizations =
    [
        ("unit", VectorNormalization.Unit), ("none", VectorNormalization.None),
    ];

    public static readonly IReadOnlyList<(string Name, EncoderSide Value)> Sides =
    [
        ("query", EncoderSide.Query), ("document", EncoderSide.Document), ("symmetric", EncoderSide.Symmetric),
    ];

    public static readonly IReadOnlyList<(string Name, PaddingSide Value)> PaddingSides =
    [
        ("right", PaddingSide.Right), ("left", PaddingSide.Left),
    ];

    public static readonly IReadOnlyList<(string Name, SparseForm Value)> SparseForms =
    [
        ("token_weights", SparseForm.TokenWeights), ("token_logits", SparseForm.TokenLogits), ("vocabulary", SparseForm.Vocabulary),
    ];

    public static string Of<T>(IReadOnlyList<(string Name, T Value)> choices, T value)
        where T : struct => choices.First(choice => choice.Value.Equals(value)).Name;
}
