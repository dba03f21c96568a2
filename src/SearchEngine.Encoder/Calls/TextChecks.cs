using System.Buffers;
using System.Text;
using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Calls;

/// <summary>What a text has to be before any model sees it.</summary>
internal static class TextChecks
{
    /// <summary>Control characters but tab, newlines and form feed: what text has when it is not text.</summary>
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(c => (char)c).Where(c => !char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f'), '\u007f']);

    /// <summary>Why the text is refused; null where it is not.</summary>
    /// <param name="text">As it came.</param>
    /// <param name="maxBytes">UTF-8 bytes that are allowed.</param>
    /// <param name="path">Of the text in the request.</param>
    public static RpcException? Fault(string text, int maxBytes, string path)
    {
        if (text.Length == 0)
            return Refusal.Of(Wire.ErrorReason.TextEmpty, path, "The text is empty.", "Send a text, or leave the item out.");
        if (3 * text.Length > maxBytes && Encoding.UTF8.GetByteCount(text) is var bytes && bytes > maxBytes)
            return Refusal.Limit(path, bytes, maxBytes, "bytes", "Shorten it, or send it in parts.");
        var control = text.AsSpan().IndexOfAny(Controls);
        return control < 0
            ? null
            : Encoded(path, $"The text has the control character U+{(int)text[control]:X4}.", Encoding.UTF8.GetByteCount(text.AsSpan(0, control)));
    }

    /// <param name="path">Of the text in the request.</param>
    /// <param name="what">One sentence.</param>
    /// <param name="offset">UTF-8 byte of the first fault.</param>
    public static RpcException Encoded(string path, string what, int offset) =>
        Refusal.Of(Wire.ErrorReason.TextEncoding, path, what, "Send the text as valid UTF-8 without control characters.")
            .With("offset", Refusal.Number(offset));

    /// <summary>A list of the request that has something in it and not too much.</summary>
    public static void CheckCount(int count, string path)
    {
        if (count == 0)
            throw Refusal.Required(path, "Send at least one.");
        if (count > TextLimits.Items)
            throw Refusal.Limit(path, count, TextLimits.Items, "items", "Send fewer at once, or use EncodeStream.");
    }

    /// <summary>Texts that are not too long together.</summary>
    public static void CheckTotal(IEnumerable<string> texts, int maxBytes, string path)
    {
        // A UTF-16 unit is at most 3 bytes, so most calls need no count.
        if (texts.Sum(t => 3L * t.Length) > maxBytes && texts.Sum(t => (long)Encoding.UTF8.GetByteCount(t)) is var bytes && bytes > maxBytes)
            throw Refusal.Limit(path, bytes, maxBytes, "bytes together", "Send fewer at once, or use EncodeStream.");
    }
}
