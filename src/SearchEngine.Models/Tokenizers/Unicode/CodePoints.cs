namespace SearchEngine.Models.Tokenizers.Unicode;

/// <summary>Steps through UTF-16 by code point. The text was checked on the way in: surrogates come in pairs.</summary>
internal static class CodePoints
{
    /// <summary>The code point at <paramref name="index"/>, which is moved behind it.</summary>
    public static int Read(ReadOnlySpan<char> text, ref int index)
    {
        var first = text[index++];
        return char.IsHighSurrogate(first) && index < text.Length
            ? char.ConvertToUtf32(first, text[index++])
            : first;
    }

    /// <summary>The code point that ends before <paramref name="index"/>, which is moved to its start.</summary>
    public static int ReadBack(ReadOnlySpan<char> text, ref int index)
    {
        var last = text[--index];
        return char.IsLowSurrogate(last) && index > 0 ? char.ConvertToUtf32(text[--index], last) : last;
    }

    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit))
            {
                count--;
            }
        }
        return count;
    }

    public static int Utf8Length(int codePoint) => codePoint switch
    {
        < 0x80 => 1,
        < 0x800 => 2,
        < 0x10000 => 3,
        _ => 4,
    };

    /// <summary>Position of the first surrogate without its partner, or -1.</summary>
    public static int FirstLoneSurrogate(ReadOnlySpan<char> text)
    {
        var index = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (index < 0)
        {
            return -1;
        }
        while (index < text.Length)
        {
            if (!char.IsSurrogate(text[index]))
            {
                index++;
            }
            else if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index += 2;
            }
            else
            {
                return index;
            }
        }
        return -1;
    }
}
