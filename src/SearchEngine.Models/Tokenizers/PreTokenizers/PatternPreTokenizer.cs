using SearchEngine.Models.Tokenizers.Patterns;
using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>Splits at the matches of a pattern, or inverted at what lies between them.</summary>
internal sealed class PatternPreTokenizer(IPattern pattern, SplitBehavior behavior, MatchSense sense) : PreTokenizer
{
    public override void Split(EncodeScratch scratch)
    {
        var matches = scratch.Matches;
        foreach (var piece in scratch.Pieces)
        {
            if (!piece.IsText)
            {
                scratch.NextPieces.Add(piece);
                continue;
            }
            matches.Clear();
            pattern.FindMatches(scratch.Text.Chars.Slice(piece.Start, piece.Length), matches, scratch);
            Cut(matches, piece.Start, scratch.NextPieces);
        }
        scratch.SwapPieces();
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add("Split").Add(behavior.ToString()).Add(sense.ToString());
        pattern.Describe(fingerprint);
    }

    private void Cut(List<PieceMatch> matches, int offset, List<Piece> pieces)
    {
        var first = pieces.Count;
        var afterMatch = false;
        var merged = behavior == SplitBehavior.MergedWithNext;
        for (var step = 0; step < matches.Count; step++)
        {
            var match = matches[merged ? matches.Count - 1 - step : step];
            var isMatch = match.IsMatch == (sense == MatchSense.Matches);
            if (match.Start == match.End || (isMatch && behavior == SplitBehavior.Removed))
            {
                // An empty match makes no piece of its own, yet it does part its neighbours.
                afterMatch = isMatch;
                continue;
            }
            var joins = pieces.Count > first && behavior switch
            {
                SplitBehavior.MergedWithPrevious or SplitBehavior.MergedWithNext => isMatch && !afterMatch,
                SplitBehavior.Contiguous => isMatch == afterMatch,
                _ => false,
            };
            afterMatch = isMatch;
            if (!joins)
            {
                pieces.Add(Piece.Text(offset + match.Start, offset + match.End));
                continue;
            }
            var last = pieces[^1];
            pieces[^1] = merged
                ? Piece.Text(offset + match.Start, last.End)
                : Piece.Text(last.Start, offset + match.End);
        }
        if (merged)
        {
            pieces.Reverse(first, pieces.Count - first);
        }
    }
}
