using SearchEngine.Models.Tokenizers.PostProcessors;

namespace SearchEngine.Models.Tokenizers;

/// <summary>Cuts tokens to a length by policy and puts the special ones around them.</summary>
internal sealed class TokenAssembler(PostProcessor processor)
{
    public void Assemble(TokenSequence text, EncodeOptions options, TokenSequence output)
    {
        var parts = options.SpecialTokens == SpecialTokenMode.Add ? processor.Single : processor.PlainSingle;
        var room = options.MaxTokens - PostProcessor.CountSpecial(parts);
        if (room <= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MaxTokens, $"A limit of {options.MaxTokens} tokens holds no text beside the special tokens.");
        }
        Cut(parts, null, text, room, options, output);
    }

    public void AssemblePair(TokenSequence query, TokenSequence document, EncodeOptions options, TokenSequence output)
    {
        var parts = options.SpecialTokens == SpecialTokenMode.Add ? processor.Pair : processor.PlainPair;
        var special = PostProcessor.CountSpecial(parts);
        var room = options.MaxTokens - special - query.Count;
        if (room < Math.Min(1, document.Count))
        {
            throw new TextTooLongException(
                $"The query has {query.Count} tokens and leaves no room for a document within {options.MaxTokens}, of which {special} "
                + "are special tokens; shorten the query.",
                query.Count + special,
                options.MaxTokens);
        }
        Cut(parts, query, document, room, options, output);
    }

    private static void Cut(
        IReadOnlyList<TemplatePart> parts, TokenSequence? query, TokenSequence text, int room, EncodeOptions options,
        TokenSequence output)
    {
        var beside = options.MaxTokens - room;
        var kept = Math.Min(text.Count, room);
        if (kept < text.Count && options.Truncation == TruncationPolicy.Error)
        {
            throw new TextTooLongException(
                $"The text has {text.Count + beside} tokens, {options.MaxTokens} are allowed; shorten it or choose another truncation policy.",
                text.Count + beside,
                options.MaxTokens);
        }
        var tail = options.Truncation switch
        {
            TruncationPolicy.Tail when kept < text.Count => kept,
            TruncationPolicy.HeadTail when kept < text.Count => kept / 2,
            _ => 0,
        };
        output.Clear();
        for (var index = 0; index < parts.Count; index++)
        {
            var part = parts[index];
            if (part.Kind == TemplatePartKind.Special)
            {
                output.AddSpecial(part.Id, part.TypeId);
            }
            else if (part.Kind == TemplatePartKind.First && query is not null)
            {
                output.Append(query, 0, query.Count, part.TypeId);
            }
            else
            {
                output.Append(text, 0, kept - tail, part.TypeId);
                output.Append(text, text.Count - tail, tail, part.TypeId);
            }
        }
        output.TextLength = text.TextLength;
        output.Truncation = kept == text.Count
            ? new(output.Count, output.Count, new(0, text.TextLength), default)
            : new(text.Count + output.Count - kept, output.Count, Span(text, 0, kept - tail), Span(text, text.Count - tail, text.Count));
    }

    private static ByteSpan Span(TokenSequence tokens, int start, int end)
    {
        if (start == end)
        {
            return default;
        }
        return new(start == 0 ? 0 : tokens.Starts[start], end == tokens.Count ? tokens.TextLength : tokens.Ends[end - 1]);
    }
}
