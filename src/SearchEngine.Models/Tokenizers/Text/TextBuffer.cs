namespace SearchEngine.Models.Tokenizers.Text;

/// <summary>
/// UTF-16 text in which every unit remembers the range of the caller's text it came from. Reused from call to call; one
/// thread at a time.
/// </summary>
internal sealed class TextBuffer
{
    private const int InitialLength = 256;

    /// <summary>Replacements must not turn a small text into gigabytes.</summary>
    private int _maxLength = int.MaxValue;

    private char[] _chars = new char[InitialLength];
    private int[] _starts = new int[InitialLength];
    private int[] _ends = new int[InitialLength];

    public int Length { get; private set; }

    public int Capacity => _chars.Length;

    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Length);

    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Empties the buffer for another text and bounds what it may grow to.</summary>
    public void Reset(int maxLength)
    {
        Length = 0;
        _maxLength = maxLength;
    }

    /// <summary>Replaces the content by the caller's text, each character aligned with itself.</summary>
    /// <returns>The place of the first surrogate without its partner, or -1.</returns>
    public int Load(ReadOnlySpan<char> text)
    {
        Clear();
        Reserve(text.Length);
        text.CopyTo(_chars);
        Length = text.Length;
        var hasSurrogates = false;
        for (var index = 0; index < text.Length; index++)
        {
            _starts[index] = index;
            _ends[index] = index + 1;
            hasSurrogates |= char.IsSurrogate(text[index]);
        }
        return hasSurrogates ? AlignPairs(text) : -1;
    }

    public void Append(char unit, int start, int end)
    {
        if (Length == _chars.Length)
        {
            Reserve(1);
        }
        _chars[Length] = unit;
        _starts[Length] = start;
        _ends[Length++] = end;
    }

    public void AppendCodePoint(int codePoint, int start, int end)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint, start, end);
            return;
        }
        Append((char)(0xD7C0 + (codePoint >> 10)), start, end);
        Append((char)(0xDC00 | (codePoint & 0x3FF)), start, end);
    }

    public void Append(TextBuffer source, int start, int length)
    {
        Reserve(length);
        source._chars.AsSpan(start, length).CopyTo(_chars.AsSpan(Length));
        source._starts.AsSpan(start, length).CopyTo(_starts.AsSpan(Length));
        source._ends.AsSpan(start, length).CopyTo(_ends.AsSpan(Length));
        Length += length;
    }

    private int AlignPairs(ReadOnlySpan<char> text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
            {
                continue;
            }
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
            {
                return index;
            }
            _ends[index]++;
            _starts[++index]--;
        }
        return -1;
    }

    private void Reserve(int more)
    {
        var needed = (long)Length + more;
        if (needed > _maxLength)
        {
            throw new TextRejectedException(
                $"The text grows beyond {_maxLength} UTF-16 units while it is normalized; shorten it or raise MaxTextLength.");
        }
        if (needed > _chars.Length)
        {
            var capacity = (int)Math.Min(_maxLength, Math.Max(needed, 2L * _chars.Length));
            Array.Resize(ref _chars, capacity);
            Array.Resize(ref _starts, capacity);
            Array.Resize(ref _ends, capacity);
        }
    }
}
