using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Text;

/// <summary>
/// Writes a changed version of a stretch of text and aligns it by the reference's rule: a replacing character takes the
/// range of the source character it replaces, an additional one the range of the source character before it.
/// </summary>
internal ref struct AlignedTransform(TextBuffer source, int start, int end, TextBuffer target, int origin)
{
    private readonly ReadOnlySpan<char> _chars = source.Chars[..end];
    private readonly int _start = start;
    private int _position = start;

    public void Write(int codePoint, int change)
    {
        if (change > 0)
        {
            var previous = _position - 1;
            if (previous < _start)
            {
                target.AppendCodePoint(codePoint, origin, origin);
            }
            else
            {
                target.AppendCodePoint(codePoint, source.Starts[previous], source.Ends[previous]);
            }
            return;
        }
        var current = Math.Min(_position, end - 1);
        target.AppendCodePoint(codePoint, source.Starts[current], source.Ends[current]);
        Skip(1 - change);
    }

    /// <summary>As <see cref="Write"/>, for a character that a later filter takes away again.</summary>
    public void Drop(int change)
    {
        if (change <= 0)
        {
            Skip(1 - change);
        }
    }

    /// <summary>Passes over source characters.</summary>
    public void Skip(int characters)
    {
        while (characters-- > 0 && _position < end)
        {
            _ = CodePoints.Read(_chars, ref _position);
        }
    }
}
