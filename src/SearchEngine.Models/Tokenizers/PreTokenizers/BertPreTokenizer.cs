using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>Cuts at white space, which goes, and around every punctuation character, which stays.</summary>
internal sealed class BertPreTokenizer : PreTokenizer
{
    private static readonly byte[] AsciiKinds = CreateAsciiKinds();

    private enum Kind : byte
    {
        Word,
        Space,
        Punctuation,
    }

    public override void Split(EncodeScratch scratch)
    {
        var chars = scratch.Text.Chars;
        var pieces = scratch.NextPieces;
        foreach (var piece in scratch.Pieces)
        {
            if (!piece.IsText)
            {
                pieces.Add(piece);
                continue;
            }
            var wordStart = piece.Start;
            var text = chars[..piece.End];
            for (var index = piece.Start; index < text.Length;)
            {
                var position = index;
                var kind = KindOf(CodePoints.Read(text, ref index));
                if (kind == Kind.Word)
                {
                    continue;
                }
                if (wordStart < position)
                {
                    pieces.Add(Piece.Text(wordStart, position));
                }
                if (kind == Kind.Punctuation)
                {
                    pieces.Add(Piece.Text(position, index));
                }
                wordStart = index;
            }
            if (wordStart < text.Length)
            {
                pieces.Add(Piece.Text(wordStart, text.Length));
            }
        }
        scratch.SwapPieces();
    }

    public override void Describe(FingerprintWriter fingerprint) => fingerprint.Add("BertPreTokenizer");

    private static Kind KindOf(int codePoint) =>
        codePoint < AsciiKinds.Length ? (Kind)AsciiKinds[codePoint] : Classify(codePoint);

    private static Kind Classify(int codePoint)
    {
        if (CharacterClasses.IsWhiteSpace(codePoint))
        {
            return Kind.Space;
        }
        return CharacterClasses.IsPunctuation(codePoint) ? Kind.Punctuation : Kind.Word;
    }

    private static byte[] CreateAsciiKinds()
    {
        var kinds = new byte[128];
        for (var codePoint = 0; codePoint < kinds.Length; codePoint++)
        {
            kinds[codePoint] = (byte)Classify(codePoint);
        }
        return kinds;
    }
}
