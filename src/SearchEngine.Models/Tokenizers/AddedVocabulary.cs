using SearchEngine.Models.Tokenizers.Normalizers;
using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers;

/// <summary>The added tokens of a file, and the first step of every encoding: finding them and normalizing the rest.</summary>
internal sealed class AddedVocabulary
{
    private readonly Normalizer? _normalizer;
    private readonly AddedTokenMatcher? _raw;
    private readonly AddedTokenMatcher? _normalized;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _tokens = [];

    /// <param name="tokens">In the order of the file.</param>
    /// <param name="normalizer">Also applied to the texts of normalized tokens.</param>
    /// <param name="maxTextLength">Bound on what a token's text may become.</param>
    public AddedVocabulary(IReadOnlyList<AddedToken> tokens, Normalizer? normalizer, int maxTextLength)
    {
        _normalizer = normalizer;
        foreach (var token in tokens)
        {
            _ids[token.Content] = token.Id;
            _tokens[token.Id] = token;
        }
        Tokens = tokens;
        _raw = CreateMatcher(tokens.Where(token => !token.IsNormalized), token => token.Content);
        _normalized = CreateMatcher(
            tokens.Where(token => token.IsNormalized), token => Normalize(token.Content, normalizer, maxTextLength));
    }

    public IReadOnlyList<AddedToken> Tokens { get; }

    /// <summary>The id of an added token, or -1.</summary>
    public int Find(string content) => _ids.TryGetValue(content, out var id) ? id : -1;

    public string? ContentOf(int id) => _tokens.TryGetValue(id, out var token) ? token.Content : null;

    /// <summary>From the original text of the scratch to its normalized text and pieces.</summary>
    public void Extract(EncodeScratch scratch)
    {
        var original = scratch.Original;
        if (_raw is null)
        {
            NormalizeSegment(original, Piece.Text(0, original.Length), scratch);
            return;
        }
        var segments = scratch.NextPieces;
        segments.Clear();
        _raw.Split(original.Chars, 0, original.Length, segments);
        foreach (var segment in segments)
        {
            if (segment.IsText)
            {
                NormalizeSegment(original, segment, scratch);
                continue;
            }
            scratch.Pieces.Add(segment with { Start = scratch.Text.Length });
            scratch.Text.Append(original, segment.Start, segment.Length);
        }
        segments.Clear();
    }

    public void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add(Tokens.Count);
        foreach (var token in Tokens)
        {
            fingerprint.Add(token.Id).Add(token.Content).Add(token.SingleWord).Add(token.StripLeft)
                .Add(token.StripRight).Add(token.IsNormalized).Add(token.IsSpecial);
        }
    }

    private static AddedTokenMatcher? CreateMatcher(IEnumerable<AddedToken> tokens, Func<AddedToken, string> text)
    {
        var pairs = tokens.Select(token => (text(token), token)).ToList();
        return pairs.Count == 0 ? null : new AddedTokenMatcher(pairs);
    }

    private static string Normalize(string content, Normalizer? normalizer, int maxTextLength)
    {
        if (normalizer is null)
        {
            return content;
        }
        var scratch = EncodeScratch.Rent(maxTextLength);
        scratch.Original.Load(content);
        normalizer.Normalize(scratch.Original, 0, content.Length, scratch.Text, 0, scratch);
        var normalized = scratch.Text.Chars.ToString();
        EncodeScratch.Return(scratch);
        return normalized;
    }

    private void NormalizeSegment(TextBuffer original, Piece segment, EncodeScratch scratch)
    {
        var text = scratch.Text;
        var start = text.Length;
        if (segment.Length > 0 && _normalizer is not null)
        {
            _normalizer.Normalize(original, segment.Start, segment.End, text, original.Starts[segment.Start], scratch);
        }
        else
        {
            text.Append(original, segment.Start, segment.Length);
        }
        if (text.Length == start)
        {
            return;
        }
        if (_normalized is null)
        {
            scratch.Pieces.Add(Piece.Text(start, text.Length));
        }
        else
        {
            _normalized.Split(text.Chars, start, text.Length, scratch.Pieces);
        }
    }
}
