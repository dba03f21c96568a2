using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.PostProcessors;

/// <summary>Takes the spaces of byte-level tokens out of their ranges.</summary>
internal sealed class OffsetTrimmer
{
    private readonly bool _sparePrefix;
    private readonly byte[] _leading;
    private readonly byte[] _trailing;

    public OffsetTrimmer(TrimMode mode, int idBound, Func<int, string?> tokenOf)
    {
        _sparePrefix = mode == TrimMode.TrimButPrefix;
        _leading = new byte[idBound];
        _trailing = new byte[idBound];
        for (var id = 0; id < idBound; id++)
        {
            if (tokenOf(id) is { Length: > 0 } token)
            {
                _leading[id] = (byte)Math.Min(byte.MaxValue, token.TakeWhile(IsSpace).Count());
                _trailing[id] = (byte)Math.Min(byte.MaxValue, token.Reverse().TakeWhile(IsSpace).Count());
            }
        }
    }

    /// <summary>Changes the ranges of model tokens from an index on. They count UTF-16 units still.</summary>
    public void Trim(ReadOnlySpan<char> text, TokenSequence tokens, int from)
    {
        for (var index = from; index < tokens.Count; index++)
        {
            Trim(text, tokens, index, _leading[tokens.Ids[index]], _trailing[tokens.Ids[index]]);
        }
    }

    /// <summary>Changes the range of the last token, an added one, by the spaces of the text it was found in.</summary>
    public void TrimAdded(ReadOnlySpan<char> text, ReadOnlySpan<char> found, TokenSequence tokens)
    {
        var (leading, trailing) = (0, 0);
        while (leading < found.Length && IsSpace(found[leading]))
        {
            leading++;
        }
        while (trailing < found.Length && IsSpace(found[^(trailing + 1)]))
        {
            trailing++;
        }
        Trim(text, tokens, tokens.Count - 1, leading, trailing);
    }

    /// <summary>A space takes a whole character off a range.</summary>
    private void Trim(ReadOnlySpan<char> text, TokenSequence tokens, int index, int leading, int trailing)
    {
        ref var start = ref tokens.MutableStarts[index];
        ref var end = ref tokens.MutableEnds[index];
        if (_sparePrefix && leading == 1 && (index == 0 || start == 0))
        {
            leading = 0;
        }
        for (; leading > 0 && start < end; leading--)
        {
            _ = CodePoints.Read(text, ref start);
        }
        for (; trailing > 0 && end > start; trailing--)
        {
            _ = CodePoints.ReadBack(text, ref end);
        }
    }

    private static bool IsSpace(char unit) => unit == ByteAlphabet.Space || (!char.IsSurrogate(unit) && CharacterClasses.IsWhiteSpace(unit));
}
