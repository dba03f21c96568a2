using System.Buffers;
using System.Text;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>
/// Text to tokens with template and special tokens around it. What is cut is the text, never its template; ranges are those of
/// the caller's text.
/// </summary>
internal static class TextPreparer
{
    public static void Prepare(
        Tokenizer tokenizer, string template, ReadOnlySpan<char> text, EncodeOptions options, TokenSequence output)
    {
        var mark = template.IndexOf(EncoderDescriptor.TextMark, StringComparison.Ordinal);
        var prefix = template.AsSpan(0, mark);
        var suffix = template.AsSpan(mark + EncoderDescriptor.TextMark.Length);
        if (prefix.IsEmpty && suffix.IsEmpty)
        {
            tokenizer.Encode(text, options, output);
            return;
        }
        var content = TokenScratch.Rent();
        TokenizeWithin(tokenizer, prefix, text, suffix, content);
        // Bytes of the template are known; the text has what remains.
        var start = Encoding.UTF8.GetByteCount(prefix);
        var length = content.TextLength - start - Encoding.UTF8.GetByteCount(suffix);
        Assemble(tokenizer, content, new ByteSpan(start, start + length), options, output);
        TokenScratch.Return(content);
    }

    private static void TokenizeWithin(
        Tokenizer tokenizer, ReadOnlySpan<char> prefix, ReadOnlySpan<char> text, ReadOnlySpan<char> suffix, TokenSequence content)
    {
        var total = checked(prefix.Length + text.Length + suffix.Length);
        var whole = ArrayPool<char>.Shared.Rent(total);
        try
        {
            prefix.CopyTo(whole);
            text.CopyTo(whole.AsSpan(prefix.Length));
            suffix.CopyTo(whole.AsSpan(prefix.Length + text.Length));
            tokenizer.Tokenize(whole.AsSpan(0, total), content);
        }
        catch (TextEncodingException fault)
        {
            // The template is Unicode, so the fault lies in the text: its place is told from there.
            var place = Math.Max(0, fault.Position - prefix.Length);
            throw new TextEncodingException($"The text has a surrogate without its partner at UTF-16 unit {place}.", place);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(whole);
        }
    }

    private static void Assemble(
        Tokenizer tokenizer, TokenSequence content, ByteSpan text, EncodeOptions options, TokenSequence output)
    {
        var (first, last) = TextTokens(content, text);
        var all = content.Count + tokenizer.SpecialTokensOfText;
        var kept = last - first - Math.Max(0, all - options.MaxTokens);
        if (kept < last - first && (options.Truncation == TruncationPolicy.Error || kept < 1))
        {
            throw new TextTooLongException(
                $"The text has {all} tokens with its template and special tokens, {options.MaxTokens} are allowed; shorten it"
                + (kept < 1 ? "." : " or choose another truncation policy."),
                all,
                options.MaxTokens);
        }
        var tail = kept == last - first ? 0 : options.Truncation switch
        {
            TruncationPolicy.Tail => kept,
            TruncationPolicy.HeadTail => kept / 2,
            _ => 0,
        };
        var cut = TokenScratch.Rent();
        cut.Clear();
        cut.Append(content, 0, first + kept - tail, 0);
        cut.Append(content, last - tail, content.Count - last + tail, 0);
        tokenizer.Assemble(cut, options with { Truncation = TruncationPolicy.Error }, output);
        TokenScratch.Return(cut);
        var length = text.End - text.Start;
        output.Truncation = kept == last - first
            ? new(all, all, new(0, length), default)
            : new(all, output.Count, Kept(content, text, first, first, first + kept - tail, last), Kept(content, text, first, last - tail, last, last));
        Shift(output, text);
    }

    /// <summary>The tokens that hold any of the text; a token across the border belongs to the text.</summary>
    private static (int First, int Last) TextTokens(TokenSequence content, ByteSpan text)
    {
        var first = 0;
        while (first < content.Count && content.Ends[first] <= text.Start)
            first++;
        var last = content.Count;
        while (last > first && content.Starts[last - 1] >= text.End)
            last--;
        return (first, last);
    }

    private static ByteSpan Kept(TokenSequence content, ByteSpan text, int first, int start, int end, int last)
    {
        if (start == end)
            return default;
        var from = start == first ? 0 : Math.Max(0, content.Starts[start] - text.Start);
        var to = end == last ? text.End - text.Start : Math.Min(content.Ends[end - 1], text.End) - text.Start;
        return new ByteSpan(from, to);
    }

    private static void Shift(TokenSequence output, ByteSpan text)
    {
        var length = text.End - text.Start;
        for (var i = 0; i < output.Count; i++)
        {
            output.MutableStarts[i] = Math.Clamp(output.Starts[i] - text.Start, 0, length);
            output.MutableEnds[i] = Math.Clamp(output.Ends[i] - text.Start, 0, length);
        }
        output.TextLength = length;
    }
}
