using SearchEngine.Models.Tokenizers.Normalizers;
using SearchEngine.Models.Tokenizers.Patterns;
using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>GPT-2's: an optional space before, an optional split by its regex, then bytes in its alphabet.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private const string Gpt2Regex = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private static readonly PatternPreTokenizer Gpt2Split = new(
        new RegexPattern(Gpt2Regex, "ByteLevel"), SplitBehavior.Isolated, MatchSense.Matches);

    public override void Split(EncodeScratch scratch)
    {
        if (addPrefixSpace)
        {
            Rewrite(scratch, static (text, piece, target) =>
            {
                if (text.Chars[piece.Start] != ' ')
                {
                    PrependNormalizer.Prepend(" ", text, piece.Start, target);
                }
                target.Append(text, piece.Start, piece.Length);
            });
        }
        if (useRegex)
        {
            Gpt2Split.Split(scratch);
        }
        Rewrite(scratch, static (text, piece, target) => ByteAlphabet.Append(text, piece.Start, piece.End, target));
    }

    public override void Describe(FingerprintWriter fingerprint) =>
        fingerprint.Add("ByteLevel").Add(addPrefixSpace).Add(useRegex);

    private static void Rewrite(EncodeScratch scratch, Action<TextBuffer, Piece, TextBuffer> write)
    {
        var (text, target) = (scratch.Text, scratch.NextText);
        foreach (var piece in scratch.Pieces)
        {
            var start = target.Length;
            if (piece.IsText)
            {
                write(text, piece, target);
            }
            else
            {
                target.Append(text, piece.Start, piece.Length);
            }
            scratch.NextPieces.Add(piece with { Start = start, Length = target.Length - start });
        }
        scratch.SwapPieces();
        scratch.SwapText();
    }
}
