using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Chunking;

/// <summary>The places between the tokens of a text, and how good they are to cut at.</summary>
internal readonly ref struct TokenBorders
{
    private readonly ReadOnlySpan<byte> _text;

    /// <summary>Where the tokens before each border end, and where those behind it begin: ranges may overlap or be empty.</summary>
    private readonly int[] _ends;
    private readonly int[] _starts;

    /// <summary>Borders above this are no better than it.</summary>
    private readonly BorderKind _best;

    public TokenBorders(ReadOnlySpan<byte> text, TokenSequence tokens, ChunkBorder border)
    {
        _text = text;
        _best = border switch
        {
            ChunkBorder.Token => BorderKind.Token,
            ChunkBorder.Sentence => BorderKind.Sentence,
            _ => BorderKind.Paragraph,
        };
        _ends = new int[tokens.Count + 1];
        _starts = new int[tokens.Count + 1];
        _starts[^1] = text.Length;
        for (var token = 0; token < tokens.Count; token++)
        {
            _ends[token + 1] = Math.Max(_ends[token], tokens.Ends[token]);
        }
        for (var token = tokens.Count - 1; token >= 0; token--)
        {
            _starts[token] = Math.Min(_starts[token + 1], tokens.Starts[token]);
        }
        // White space around the text goes with its first and last chunk.
        _starts[0] = 0;
    }

    /// <summary>The stretch of tokens start..end; white space between tokens goes with what precedes it.</summary>
    public ByteSpan Span(int start, int end) => new(_starts[start], _starts[end]);

    /// <summary>
    /// Where a chunk that starts at a token and may reach to <paramref name="last"/> ends best: at the highest border of
    /// its second half, the last of equals; else at the last border there is. Not behind the start if there is none.
    /// </summary>
    public int BestEnd(int start, int last)
    {
        var (best, bestKind) = (start, BorderKind.None);
        var middle = start + (last - start) / 2;
        for (var border = last; border > start; border--)
        {
            if (border <= middle && bestKind != BorderKind.None)
            {
                break;
            }
            var kind = KindOf(border);
            if (kind > bestKind)
            {
                (best, bestKind) = (border, kind);
            }
            if (bestKind == _best)
            {
                break;
            }
        }
        return best;
    }

    /// <summary>
    /// Where the chunk behind one that covers start..end begins best, so as to share at most so many tokens with it: at the
    /// highest border of the first half of these, the first of equals; else at the first border between words; else at its end.
    /// </summary>
    public int BestOverlap(int start, int end, int overlap)
    {
        // Chunks that are cut between words overlap by whole words.
        var least = _best == BorderKind.Token ? BorderKind.None : BorderKind.Token;
        var (best, bestKind) = (end, least);
        var first = Math.Max(start + 1, end - overlap);
        var middle = end - (overlap + 1) / 2;
        for (var border = first; border < end; border++)
        {
            if (border > middle && bestKind != least)
            {
                break;
            }
            var kind = KindOf(border);
            if (kind > bestKind)
            {
                (best, bestKind) = (border, kind);
            }
        }
        return best;
    }

    private BorderKind KindOf(int border)
    {
        if (border == 0 || border == _starts.Length - 1)
        {
            return _best;
        }
        // Tokens of one character share its range: no cut there.
        var position = _starts[border];
        if (position < _ends[border] || position == _starts[border - 1])
        {
            return BorderKind.None;
        }
        var kind = _best == BorderKind.Token ? BorderKind.Token : TextBorders.Classify(_text, position);
        return kind < _best ? kind : _best;
    }
}
