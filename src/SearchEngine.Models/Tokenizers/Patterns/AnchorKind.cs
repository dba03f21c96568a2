namespace SearchEngine.Models.Tokenizers.Patterns;

internal enum AnchorKind
{
    TextStart,
    TextEnd,

    /// <summary>The end of the text, or before a newline that ends it.</summary>
    TextEndOrLastNewline,
    LineStart,
    LineEnd,
    WordBoundary,
    NotWordBoundary,
}
