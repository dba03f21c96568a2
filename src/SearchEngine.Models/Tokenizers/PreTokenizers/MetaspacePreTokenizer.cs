using SearchEngine.Models.Tokenizers.Normalizers;
using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>SentencePiece's: spaces become a visible mark, one is put before the text, and a word begins at every mark.</summary>
internal sealed class MetaspacePreTokenizer(string mark, PrependScheme prepend, bool split) : PreTokenizer
{
    public override void Split(EncodeScratch scratch)
    {
        var (text, target) = (scratch.Text, scratch.NextText);
        foreach (var piece in scratch.Pieces)
        {
            var start = target.Length;
            if (!piece.IsText)
            {
                target.Append(text, piece.Start, piece.Length);
                scratch.NextPieces.Add(piece with { Start = start });
                continue;
            }
            var chars = text.Chars.Slice(piece.Start, piece.Length);
            var marked = chars[0] == ' ' || chars.StartsWith(mark, StringComparison.Ordinal);
            if (!marked && (prepend == PrependScheme.Always
                || (prepend == PrependScheme.First && text.Starts[piece.Start] == 0)))
            {
                PrependNormalizer.Prepend(mark, text, piece.Start, target);
            }
            Mark(text, piece, target);
            Cut(target.Chars, start, scratch.NextPieces);
        }
        scratch.SwapPieces();
        scratch.SwapText();
    }

    public override void Describe(FingerprintWriter fingerprint) =>
        fingerprint.Add("Metaspace").Add(mark).Add(prepend.ToString()).Add(split);

    private void Mark(TextBuffer text, Piece piece, TextBuffer target)
    {
        for (var index = piece.Start; index < piece.End; index++)
        {
            if (text.Chars[index] == ' ')
            {
                var (from, to) = (text.Starts[index], text.Ends[index]);
                foreach (var unit in mark)
                {
                    target.Append(unit, from, to);
                }
            }
            else
            {
                target.Append(text.Chars[index], text.Starts[index], text.Ends[index]);
            }
        }
    }

    private void Cut(ReadOnlySpan<char> chars, int start, List<Piece> pieces)
    {
        if (split)
        {
            for (var index = start + 1; index < chars.Length; index++)
            {
                if (chars[index..].StartsWith(mark, StringComparison.Ordinal))
                {
                    pieces.Add(Piece.Text(start, index));
                    start = index;
                }
            }
        }
        pieces.Add(Piece.Text(start, chars.Length));
    }
}
