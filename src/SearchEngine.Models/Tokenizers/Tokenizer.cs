using SearchEngine.Models.Tokenizers.PostProcessors;
using SearchEngine.Models.Tokenizers.Reading;
using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers;

/// <summary>
/// A Hugging Face tokenizer.json at work: text to token ids, exactly as the reference library has them, with the place of
/// every token in the text. Immutable; any number of threads may use one at the same time.
/// </summary>
public sealed class Tokenizer
{
    private readonly TokenizerParts _parts;
    private readonly OffsetTrimmer? _trimmer;
    private readonly TokenAssembler _assembler;
    private readonly int _maxTextLength;

    internal Tokenizer(TokenizerParts parts, TokenizerLimits limits)
    {
        _parts = parts;
        _maxTextLength = limits.MaxTextLength;
        _assembler = new TokenAssembler(parts.PostProcessor);
        IdBound = Math.Max(
            parts.Model.Vocabulary.IdBound, parts.Added.Tokens.Select(token => token.Id + 1).DefaultIfEmpty().Max());
        _trimmer = parts.PostProcessor.Trim == TrimMode.Keep
            ? null
            : new OffsetTrimmer(parts.PostProcessor.Trim, IdBound, TokenOf);
        using var fingerprint = new FingerprintWriter();
        parts.Describe(fingerprint);
        Fingerprint = fingerprint.Finish();
    }

    /// <summary>SHA-256 of everything in the file that decides about ids, whatever its layout.</summary>
    public string Fingerprint { get; }

    /// <summary>One more than the greatest id: the rows an embedding table must have at least.</summary>
    public int IdBound { get; }

    public IReadOnlyList<AddedToken> AddedTokens => _parts.Added.Tokens;

    /// <summary>What the file says about truncation, if anything; never applied.</summary>
    public TruncationSettings? Truncation => _parts.Truncation;

    /// <summary>What the file says about padding, if anything; never applied.</summary>
    public PaddingSettings? Padding => _parts.Padding;

    /// <exception cref="TokenizerException">The file is malformed, too large or uses what is not supported.</exception>
    public static Tokenizer Load(string path, TokenizerLimits? limits = null)
    {
        using var stream = File.OpenRead(path);
        return Load(stream, limits);
    }

    /// <exception cref="TokenizerException">The file is malformed, too large or uses what is not supported.</exception>
    public static Tokenizer Load(Stream stream, TokenizerLimits? limits = null) =>
        TokenizerReader.Read(stream, limits ?? TokenizerLimits.Default);

    /// <summary>The id of a token, or null.</summary>
    public int? IdOf(string token)
    {
        var id = _parts.Added.Find(token);
        id = id >= 0 ? id : _parts.Model.Vocabulary.Find(token);
        return id >= 0 ? id : null;
    }

    /// <summary>The token of an id, or null.</summary>
    public string? TokenOf(int id) =>
        _parts.Added.ContentOf(id) ?? (_parts.Model.Vocabulary.TryGetToken(id, out var token) ? token : null);

    /// <summary>Special tokens that an encoding puts around one text.</summary>
    public int SpecialTokensOfText => PostProcessor.CountSpecial(_parts.PostProcessor.Single);

    /// <summary>Special tokens that an encoding puts around query and document.</summary>
    public int SpecialTokensOfPair => PostProcessor.CountSpecial(_parts.PostProcessor.Pair);

    /// <summary>The tokens of a text alone, nothing around them and nothing cut: what Assemble and AssemblePair take.</summary>
    /// <exception cref="TextRejectedException">The text is not Unicode, or the tokenizer cannot take it.</exception>
    public void Tokenize(ReadOnlySpan<char> text, TokenSequence output)
    {
        var scratch = EncodeScratch.Rent(_maxTextLength);
        try
        {
            TokenizeChecked(text, output, scratch);
        }
        finally
        {
            EncodeScratch.Return(scratch);
        }
    }

    /// <inheritdoc cref="Tokenize(ReadOnlySpan{char}, TokenSequence)"/>
    public void Tokenize(ReadOnlySpan<byte> utf8, TokenSequence output)
    {
        var scratch = EncodeScratch.Rent(_maxTextLength);
        try
        {
            TokenizeChecked(ByteOffsets.Decode(utf8, scratch), output, scratch);
        }
        finally
        {
            EncodeScratch.Return(scratch);
        }
    }

    /// <summary>The tokens of a text with the model's special tokens around them, cut by the policy of the options.</summary>
    /// <exception cref="TextTooLongException">The text is too long and the policy is to refuse it.</exception>
    /// <exception cref="TextRejectedException">The text is not Unicode, or the tokenizer cannot take it.</exception>
    public void Encode(ReadOnlySpan<char> text, EncodeOptions options, TokenSequence output)
    {
        var content = TokenScratch.Rent();
        Tokenize(text, content);
        Assemble(content, options, output);
        TokenScratch.Return(content);
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, EncodeOptions, TokenSequence)"/>
    public void Encode(ReadOnlySpan<byte> utf8, EncodeOptions options, TokenSequence output)
    {
        var content = TokenScratch.Rent();
        Tokenize(utf8, content);
        Assemble(content, options, output);
        TokenScratch.Return(content);
    }

    /// <summary>Query and document as one input. Only the document is ever cut.</summary>
    /// <exception cref="TextTooLongException">The query leaves no room, or the document may not be cut.</exception>
    /// <exception cref="TextRejectedException">A text is not Unicode, or the tokenizer cannot take it.</exception>
    public void EncodePair(
        ReadOnlySpan<char> query, ReadOnlySpan<char> document, EncodeOptions options, TokenSequence output)
    {
        var first = TokenScratch.Rent();
        var second = TokenScratch.Rent();
        Tokenize(query, first);
        Tokenize(document, second);
        AssemblePair(first, second, options, output);
        TokenScratch.Return(first);
        TokenScratch.Return(second);
    }

    /// <summary>Puts the special tokens around tokens that <see cref="Tokenize(ReadOnlySpan{char}, TokenSequence)"/> made.</summary>
    /// <exception cref="TextTooLongException">The text is too long and the policy is to refuse it.</exception>
    public void Assemble(TokenSequence text, EncodeOptions options, TokenSequence output) =>
        _assembler.Assemble(text, options, output);

    /// <summary>As <see cref="Assemble"/> for a pair, so that a query is tokenized once for many documents.</summary>
    /// <exception cref="TextTooLongException">The query leaves no room, or the document may not be cut.</exception>
    public void AssemblePair(TokenSequence query, TokenSequence document, EncodeOptions options, TokenSequence output) =>
        _assembler.AssemblePair(query, document, options, output);

    /// <summary>The words of a text as the vocabulary meets them, normalised and split: what a trainer of vocabularies counts.</summary>
    /// <exception cref="TextRejectedException">The text is not Unicode, or the tokenizer cannot take it.</exception>
    public void SplitWords(ReadOnlySpan<char> text, ICollection<string> words)
    {
        var scratch = EncodeScratch.Rent(_maxTextLength);
        try
        {
            Split(text, scratch);
            foreach (var piece in scratch.Pieces)
            {
                if (piece.IsText)
                    words.Add(scratch.Text.Chars.Slice(piece.Start, piece.Length).ToString());
            }
        }
        finally
        {
            EncodeScratch.Return(scratch);
        }
    }

    /// <summary>Tokens of a text without special ones.</summary>
    /// <exception cref="TextRejectedException">The text is not Unicode, or the tokenizer cannot take it.</exception>
    public int CountTokens(ReadOnlySpan<char> text)
    {
        var content = TokenScratch.Rent();
        Tokenize(text, content);
        var count = content.Count;
        TokenScratch.Return(content);
        return count;
    }

    /// <inheritdoc cref="CountTokens(ReadOnlySpan{char})"/>
    public int CountTokens(ReadOnlySpan<byte> utf8)
    {
        var content = TokenScratch.Rent();
        Tokenize(utf8, content);
        var count = content.Count;
        TokenScratch.Return(content);
        return count;
    }

    private void TokenizeChecked(ReadOnlySpan<char> text, TokenSequence output, EncodeScratch scratch)
    {
        output.Clear();
        Split(text, scratch);
        foreach (var piece in scratch.Pieces)
        {
            if (piece.IsText)
            {
                var first = output.Count;
                _parts.Model.Tokenize(scratch.Text, piece, output, scratch);
                _trimmer?.Trim(text, output, first);
            }
            else
            {
                output.Add(piece.TokenId, scratch.Text.Starts[piece.Start], scratch.Text.Ends[piece.End - 1]);
                _trimmer?.TrimAdded(text, scratch.Text.Chars.Slice(piece.Start, piece.Length), output);
            }
        }
        ByteOffsets.Convert(text, output, scratch);
    }

    private void Split(ReadOnlySpan<char> text, EncodeScratch scratch)
    {
        if (text.Length > _maxTextLength)
        {
            throw new TextRejectedException($"The text has {text.Length} UTF-16 units, {_maxTextLength} are allowed; send it in parts.");
        }
        if (scratch.Original.Load(text) is >= 0 and var lone)
        {
            throw new TextEncodingException($"The text has a surrogate without its partner at UTF-16 unit {lone}.", lone);
        }
        _parts.Added.Extract(scratch);
        _parts.PreTokenizer?.Split(scratch);
    }
}
