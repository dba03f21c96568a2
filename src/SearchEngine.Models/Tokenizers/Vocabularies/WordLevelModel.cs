using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>A word is a token or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknown) : TokenModel(vocabulary)
{
    private readonly int _unknownId = vocabulary.Find(unknown);

    public override void Tokenize(TextBuffer text, Piece piece, TokenSequence output, EncodeScratch scratch)
    {
        var id = Vocabulary.Find(text.Chars.Slice(piece.Start, piece.Length));
        if (id < 0 && _unknownId < 0)
        {
            throw new TextRejectedException($"The text has a word outside the vocabulary, which lacks the unknown token {unknown}.");
        }
        Emit(text, piece.Start, piece.End, id < 0 ? _unknownId : id, output);
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add("WordLevel").Add(unknown);
        Vocabulary.Describe(fingerprint);
    }
}
