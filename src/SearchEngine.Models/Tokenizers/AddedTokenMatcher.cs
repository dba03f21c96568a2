using System.Buffers;
using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;
using SearchEngine.Models.Tokenizers.Vocabularies;

namespace SearchEngine.Models.Tokenizers;

/// <summary>Finds added tokens: from the left, of several at one place the longest, without overlap.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly AddedToken[] _tokens;
    private readonly VocabularyTrie _trie;
    private readonly SearchValues<char> _firstUnits;

    /// <param name="tokens">Texts to seek and the tokens they stand for; empty texts are never found.</param>
    public AddedTokenMatcher(IReadOnlyList<(string Text, AddedToken Token)> tokens)
    {
        _tokens = [.. tokens.Select(pair => pair.Token)];
        _trie = new VocabularyTrie(tokens.Count);
        for (var index = 0; index < tokens.Count; index++)
        {
            // Of two with one text, which normalization can make them, the first counts.
            if (tokens[index].Text.Length > 0 && _trie.Longest(tokens[index].Text).Length < tokens[index].Text.Length)
            {
                _trie.Add(tokens[index].Text, index);
            }
        }
        _firstUnits = SearchValues.Create([.. tokens.Where(pair => pair.Text.Length > 0).Select(pair => pair.Text[0]).Distinct()]);
    }

    /// <summary>Appends pieces that cover text[start..end]: added tokens and what lies between them.</summary>
    public void Split(ReadOnlySpan<char> text, int start, int end, List<Piece> pieces)
    {
        var segment = text[start..end];
        var covered = 0;
        for (var from = 0; ;)
        {
            var gap = segment[from..].IndexOfAny(_firstUnits);
            if (gap < 0)
            {
                break;
            }
            var matchStart = from + gap;
            var (length, index) = _trie.Longest(segment[matchStart..]);
            if (length == 0)
            {
                from = matchStart + 1;
                continue;
            }
            from = matchStart + length;
            var token = _tokens[index];
            if (token.SingleWord && TouchesWord(segment, matchStart, from))
            {
                continue;
            }
            var pieceStart = token.StripLeft ? Math.Max(covered, SpaceStart(segment, matchStart)) : matchStart;
            var pieceEnd = token.StripRight ? SpaceEnd(segment, from) : from;
            if (covered < pieceStart)
            {
                pieces.Add(Piece.Text(start + covered, start + pieceStart));
            }
            pieces.Add(new Piece(start + pieceStart, pieceEnd - pieceStart, token.Id));
            covered = pieceEnd;
        }
        if (covered < segment.Length)
        {
            pieces.Add(Piece.Text(start + covered, end));
        }
    }

    private static bool TouchesWord(ReadOnlySpan<char> text, int start, int end) =>
        (start > 0 && CharacterClasses.IsWord(CodePoints.ReadBack(text, ref start)))
        || (end < text.Length && CharacterClasses.IsWord(CodePoints.Read(text, ref end)));

    private static int SpaceStart(ReadOnlySpan<char> text, int end)
    {
        for (var index = end; index > 0; end = index)
        {
            if (!CharacterClasses.IsWhiteSpace(CodePoints.ReadBack(text, ref index)))
            {
                break;
            }
        }
        return end;
    }

    private static int SpaceEnd(ReadOnlySpan<char> text, int start)
    {
        for (var index = start; index < text.Length; start = index)
        {
            if (!CharacterClasses.IsWhiteSpace(CodePoints.Read(text, ref index)))
            {
                break;
            }
        }
        return start;
    }
}
