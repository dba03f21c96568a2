namespace SearchEngine.Models.Tokenizers;

/// <summary>How text becomes the input of a model.</summary>
public readonly record struct EncodeOptions()
{
    /// <summary>Tokens the model takes, special ones included.</summary>
    public int MaxTokens { get; init; } = int.MaxValue;

    public TruncationPolicy Truncation { get; init; } = TruncationPolicy.Error;

    /// <summary>Whether the post-processor's special tokens are put around the text.</summary>
    public SpecialTokenMode SpecialTokens { get; init; } = SpecialTokenMode.Add;
}
