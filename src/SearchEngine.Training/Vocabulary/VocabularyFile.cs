using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Training.Vocabulary;

/// <summary>The tokenizer of trained models: WordPiece with the marks that tell a query from a document.</summary>
internal static class VocabularyFile
{
    /// <summary>Stands before a query; the graph chooses the side's head by it.</summary>
    public const string QueryMark = "[QUERY]";

    /// <summary>Stands before a document.</summary>
    public const string DocumentMark = "[DOCUMENT]";

    /// <summary>Tokens at the start of every vocabulary; the padding is 0.</summary>
    private static readonly string[] First =
    [
        WordPieceFile.Padding, WordPieceFile.Unknown, WordPieceFile.Start, WordPieceFile.End, WordPieceFile.Mask, QueryMark, DocumentMark,
    ];

    /// <summary>Ids below this are no pieces of text.</summary>
    public static int Reserved => First.Length;

    public static int QueryMarkId => Array.IndexOf(First, QueryMark);

    public static WordPieceFile Of(IEnumerable<string> pieces) => new() { Tokens = [.. First, .. pieces], Marks = [QueryMark, DocumentMark] };

    public static Tokenizer Load(IEnumerable<string> pieces)
    {
        using var stream = new MemoryStream();
        Of(pieces).Write(stream);
        stream.Position = 0;
        return Tokenizer.Load(stream);
    }
}
