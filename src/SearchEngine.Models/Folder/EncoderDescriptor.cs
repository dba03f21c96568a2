namespace SearchEngine.Models.Folder;

/// <summary>
/// Everything that makes an encoder's vectors what they are, and where its files stand. Read from encoder.json, or derived
/// from an export as downloaded.
/// </summary>
public sealed record EncoderDescriptor
{
    /// <summary>Stands for the text in a template.</summary>
    public const string TextMark = "{text}";

    /// <summary>For people; not part of the space.</summary>
    public string Name { get; init; } = "";

    /// <summary>The ONNX file, relative to the folder.</summary>
    public string ModelFile { get; init; } = "model.onnx";

    /// <summary>The tokenizer.json, relative to the folder.</summary>
    public string TokenizerFile { get; init; } = "tokenizer.json";

    /// <summary>
    /// SHA-256 of the reference weights in hexadecimal, where this build was quantized from them: it then shares their space.
    /// Null where the model file is its own reference.
    /// </summary>
    public string? ReferenceWeights { get; init; }

    public PoolingMode Pooling { get; init; } = PoolingMode.Mean;

    public VectorNormalization Normalization { get; init; } = VectorNormalization.Unit;

    public string QueryTemplate { get; init; } = TextMark;

    public string DocumentTemplate { get; init; } = TextMark;

    public IReadOnlyList<TaskTemplate> Tasks { get; init; } = [];

    /// <summary>Longest input, special tokens included.</summary>
    public required int MaxTokens { get; init; }

    public EncoderPadding Padding { get; init; } = EncoderPadding.Default;

    public DenseHead? Dense { get; init; }

    public SparseHead? Sparse { get; init; }

    public MultiHead? Multi { get; init; }

    public ScoreHead? Score { get; init; }

    public ClassHead? Classes { get; init; }

    /// <summary>Whether queries and documents are encoded differently, so that a call must say which side it is on.</summary>
    public bool IsAsymmetric => !string.Equals(QueryTemplate, DocumentTemplate, StringComparison.Ordinal);

    /// <summary>The template of a task, or of a side where no task is named; null where the descriptor has no such task.</summary>
    public string? TemplateOf(EncoderSide side, string task)
    {
        if (task.Length == 0)
            return side == EncoderSide.Query ? QueryTemplate : DocumentTemplate;
        foreach (var entry in Tasks)
        {
            var fits = entry.Side == EncoderSide.Symmetric || entry.Side == side;
            if (fits && string.Equals(entry.Task, task, StringComparison.Ordinal))
                return entry.Template;
        }
        return null;
    }

    /// <summary>Whether vectors may be cut to this dimension.</summary>
    public bool AllowsDimension(int dimension) =>
        Dense is { } dense && (dimension == dense.Dimension || dense.AllowedDimensions.Contains(dimension));
}
