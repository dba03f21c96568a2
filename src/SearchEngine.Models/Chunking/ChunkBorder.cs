namespace SearchEngine.Models.Chunking;

/// <summary>Where a text is cut if there is a choice.</summary>
public enum ChunkBorder
{
    /// <summary>Between any two tokens: chunks are as long as they may be.</summary>
    Token,

    /// <summary>Between sentences; where one is too long, between lines, words, at last tokens.</summary>
    Sentence,

    /// <summary>Between paragraphs, then as between sentences.</summary>
    Paragraph,
}
