using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>Turns a word into tokens. Immutable but for caches that never change a result; any thread.</summary>
internal abstract class TokenModel(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Appends the tokens of a piece, which is not empty, with their places in the caller's text.</summary>
    public abstract void Tokenize(TextBuffer text, Piece piece, TokenSequence output, EncodeScratch scratch);

    /// <summary>Adds to the fingerprint everything that can change a result.</summary>
    public abstract void Describe(FingerprintWriter fingerprint);

    /// <summary>Appends a token that covers text[start..end].</summary>
    protected static void Emit(TextBuffer text, int start, int end, int id, TokenSequence output) =>
        output.Add(id, text.Starts[start], text.Ends[end - 1]);
}
