namespace SearchEngine.Models.Chunking;

/// <summary>What ends at a place of a text; a greater kind is a better place to cut.</summary>
internal enum BorderKind
{
    /// <summary>Inside a character or a token: no place to cut.</summary>
    None,
    Token,
    Word,
    Line,
    Sentence,
    Paragraph,
}
