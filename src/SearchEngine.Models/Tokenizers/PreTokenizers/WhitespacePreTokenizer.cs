using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>Runs of word characters and runs of other characters; white space between them goes: \w+|[^\w\s]+.</summary>
internal sealed class WhitespacePreTokenizer : PreTokenizer
{
    private enum Kind
    {
        Space,
        Word,
        Other,
    }

    public override void Split(EncodeScratch scratch)
    {
        var chars = scratch.Text.Chars;
        foreach (var piece in scratch.Pieces)
        {
            if (piece.IsText)
            {
                Split(chars[..piece.End], piece.Start, scratch.NextPieces);
            }
            else
            {
                scratch.NextPieces.Add(piece);
            }
        }
        scratch.SwapPieces();
    }

    public override void Describe(FingerprintWriter fingerprint) => fingerprint.Add("Whitespace");

    private static void Split(ReadOnlySpan<char> text, int start, List<Piece> pieces)
    {
        var runStart = start;
        var runKind = Kind.Space;
        for (var index = start; index < text.Length;)
        {
            var position = index;
            var kind = KindOf(CodePoints.Read(text, ref index));
            if (kind == runKind)
            {
                continue;
            }
            if (runKind != Kind.Space)
            {
                pieces.Add(Piece.Text(runStart, position));
            }
            (runStart, runKind) = (position, kind);
        }
        if (runKind != Kind.Space)
        {
            pieces.Add(Piece.Text(runStart, text.Length));
        }
    }

    private static Kind KindOf(int codePoint)
    {
        if (CharacterClasses.IsWord(codePoint))
        {
            return Kind.Word;
        }
        return CharacterClasses.IsWhiteSpace(codePoint) ? Kind.Space : Kind.Other;
    }
}
