namespace SearchEngine.Models.Chunking;

/// <summary>How a text is cut into chunks.</summary>
public sealed record ChunkOptions
{
    public static ChunkOptions Default { get; } = new();

    /// <summary>Tokens of a chunk at most, special ones included: what the model takes.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>
    /// Tokens of a chunk that it shares with the one before, at most; at least half as many wherever the text has a border
    /// between words there. Less than half of a chunk, or the chunks would hardly advance.
    /// </summary>
    public int OverlapTokens { get; init; } = 64;

    /// <summary>Tokens kept free for what a template puts around every chunk.</summary>
    public int ReservedTokens { get; init; }

    /// <summary>The best border that a cut may look for; lesser ones serve where there is none.</summary>
    public ChunkBorder Border { get; init; } = ChunkBorder.Paragraph;
}
