using System.Text;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Chunking;

/// <summary>
/// Cuts a text into chunks that a model takes whole, at the borders of paragraphs, else sentences, else words. Chunks
/// follow each other without gaps, may overlap, and never exceed their limit: each is tokenized by itself to be sure.
/// Immutable; any thread.
/// </summary>
public sealed class Chunker
{
    private readonly Tokenizer _tokenizer;
    private readonly ChunkOptions _options;
    private readonly int _room;

    /// <exception cref="ArgumentException">The options leave no room for text, or overlap too much.</exception>
    public Chunker(Tokenizer tokenizer, ChunkOptions? options = null)
    {
        _tokenizer = tokenizer;
        _options = options ?? ChunkOptions.Default;
        _room = _options.MaxTokens - _options.ReservedTokens - tokenizer.SpecialTokensOfText;
        if (_room < 1 || _options.ReservedTokens < 0)
        {
            throw new ArgumentException(
                $"Chunks of {_options.MaxTokens} tokens, of which {_options.ReservedTokens} are reserved and "
                + $"{tokenizer.SpecialTokensOfText} special, hold no text.",
                nameof(options));
        }
        if (_options.OverlapTokens < 0 || _options.OverlapTokens > (_room - 1) / 2)
        {
            throw new ArgumentException(
                $"An overlap of {_options.OverlapTokens} tokens is not from 0 to {(_room - 1) / 2}, less than half of a chunk.",
                nameof(options));
        }
    }

    /// <exception cref="TextRejectedException">The text is not Unicode, or one character needs more tokens than a chunk has.</exception>
    public IReadOnlyList<Chunk> Split(string text)
    {
        var lone = Tokenizers.Unicode.CodePoints.FirstLoneSurrogate(text);
        return lone < 0
            ? Split(Encoding.UTF8.GetBytes(text))
            : throw new TextEncodingException($"The text has a surrogate without its partner at UTF-16 unit {lone}.", lone);
    }

    /// <inheritdoc cref="Split(string)"/>
    public IReadOnlyList<Chunk> Split(ReadOnlySpan<byte> utf8)
    {
        var tokens = new TokenSequence();
        _tokenizer.Tokenize(utf8, tokens);
        if (utf8.IsEmpty)
        {
            return [];
        }
        if (tokens.Count == 0)
        {
            return [new Chunk(new ByteSpan(0, utf8.Length), _tokenizer.SpecialTokensOfText)];
        }
        var chunks = new List<Chunk>();
        var borders = new TokenBorders(utf8, tokens, _options.Border);
        var start = 0;
        var covered = 0;
        while (covered < tokens.Count)
        {
            var (end, count) = FindEnd(utf8, borders, start, tokens.Count);
            if (end <= covered && start < covered)
            {
                // The overlap left too little room to advance: this once there is none.
                start = covered;
                continue;
            }
            chunks.Add(new(borders.Span(start, end), count));
            covered = end;
            start = end < tokens.Count ? borders.BestOverlap(start, end, _options.OverlapTokens) : end;
        }
        return chunks;
    }

    /// <summary>Token index at which the chunk from <paramref name="start"/> ends, and the tokens of its encoding.</summary>
    private (int End, int Tokens) FindEnd(ReadOnlySpan<byte> utf8, TokenBorders borders, int start, int total)
    {
        var room = _room;
        while (true)
        {
            var end = total - start <= room ? total : borders.BestEnd(start, start + room);
            if (end <= start)
            {
                throw new TextRejectedException(
                    $"A character of the text needs more tokens than a chunk of {_options.MaxTokens} holds; allow more tokens to a chunk.");
            }
            // By itself a text may have other tokens than as a part, for example a mark before its first word.
            var span = borders.Span(start, end);
            var count = _tokenizer.CountTokens(utf8[span.Start..span.End]);
            if (count <= _room)
            {
                return (end, count + _tokenizer.SpecialTokensOfText);
            }
            room = Math.Min(room, end - start) - Math.Max(1, count - _room);
        }
    }
}
