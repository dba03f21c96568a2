using System.Text;

namespace SearchEngine.Rpc.Wire;

/// <summary>The percent encoding of <c>grpc-message</c>: UTF-8 where everything but printable ASCII, and '%' itself, is escaped.</summary>
internal static class PercentEncoding
{
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%')) return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%') encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return encoded.ToString();
    }

    /// <summary>The text, or as much of it as takes no more than <paramref name="maxBytes"/> in its encoded form; never half a character.</summary>
    public static string Shorten(string text, int maxBytes)
    {
        const int EscapeBytes = 3;
        if (text.Length <= maxBytes / EscapeBytes / EscapeBytes) return text;
        int chars = 0;
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Value is >= ' ' and <= '~' and not '%' ? 1 : rune.Utf8SequenceLength * EscapeBytes;
            if (bytes > maxBytes) return text[..chars];
            chars += rune.Utf16SequenceLength;
        }
        return text;
    }

    /// <summary>Undoes <see cref="Encode"/>. What is not a valid escape stays as it is: a status message is never lost to its form.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%')) return text;
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 2;
                continue;
            }
            length += Encoding.UTF8.GetBytes(text.AsSpan(i, 1), bytes.AsSpan(length));
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
