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

    /// <summary>Changes the ranges, which count UTF-16 units still.</summary>
    public void Trim(TokenSequence tokens)
    {
        var ids = tokens.Ids;
        var starts = tokens.MutableStarts;
        var ends = tokens.MutableEnds;
        for (var index = 0; index < ids.Length; index++)
        {
            int leading = _leading[ids[index]];
            int trailing = _trailing[ids[index]];
            if (leading > 0)
            {
                var isPrefix = _sparePrefix && leading == 1 && (index == 0 || starts[index] == 0);
                starts[index] = Math.Min(starts[index] + (isPrefix ? 0 : leading), ends[index]);
            }
            if (trailing > 0 && ends[index] >= trailing)
            {
                ends[index] = Math.Max(ends[index] - trailing, starts[index]);
            }
        }
    }

    private static bool IsSpace(char unit) => unit == ByteAlphabet.Space || (!char.IsSurrogate(unit) && CharacterClasses.IsWhiteSpace(unit));
}
