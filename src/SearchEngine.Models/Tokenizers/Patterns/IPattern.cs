using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>Finds what a normalizer replaces or a pre-tokenizer splits at. Immutable; any thread.</summary>
internal interface IPattern
{
    /// <summary>Appends matches and the gaps between them in order; together they cover the text.</summary>
    void FindMatches(ReadOnlySpan<char> text, List<PieceMatch> matches, EncodeScratch scratch);

    void Describe(FingerprintWriter fingerprint);
}
