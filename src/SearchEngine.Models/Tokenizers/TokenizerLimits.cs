namespace SearchEngine.Models.Tokenizers;

/// <summary>Bounds on a tokenizer file and on the texts it is given. The defaults hold every public model known to us.</summary>
public sealed record TokenizerLimits
{
    public static TokenizerLimits Default { get; } = new();

    /// <summary>Bytes of the file; the largest public ones have about 35 MiB.</summary>
    public long MaxFileLength { get; init; } = 256L << 20;

    /// <summary>Ids and vocabulary entries.</summary>
    public int MaxVocabulary { get; init; } = 4_000_000;

    public int MaxMerges { get; init; } = 4_000_000;

    public int MaxAddedTokens { get; init; } = 100_000;

    /// <summary>UTF-16 units of one vocabulary entry; it bounds the work a text costs per character.</summary>
    public int MaxTokenLength { get; init; } = 1024;

    /// <summary>Steps in all sequences of normalizers, pre-tokenizers and post-processors.</summary>
    public int MaxSteps { get; init; } = 64;

    /// <summary>UTF-16 units of a text, before and after normalization.</summary>
    public int MaxTextLength { get; init; } = 16 << 20;
}
