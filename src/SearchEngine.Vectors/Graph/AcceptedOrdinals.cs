using System.Numerics;
using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>The accepted ordinals, ascending.</summary>
internal ref struct AcceptedOrdinals : IOrdinals
{
    private readonly ReadOnlySpan<ulong> _words;
    private ulong _bits;
    private int _word;

    public AcceptedOrdinals(AcceptBits accept)
    {
        _words = accept.Words;
        _bits = _words.IsEmpty ? 0 : _words[0];
    }

    /// <summary>Takes all ordinals of the next word that has any.</summary>
    /// <param name="first">The ordinal of the lowest bit.</param>
    /// <param name="bits">One for every ordinal.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeWord(out uint first, out ulong bits)
    {
        while (_bits == 0 && _word + 1 < _words.Length)
        {
            _bits = _words[++_word];
        }
        first = (uint)_word * 64;
        bits = _bits;
        _bits = 0;
        return bits != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out uint ordinal)
    {
        while (_bits == 0)
        {
            if (_word + 1 >= _words.Length)
            {
                ordinal = 0;
                return false;
            }
            _bits = _words[++_word];
        }
        ordinal = (uint)(_word * 64 + BitOperations.TrailingZeroCount(_bits));
        _bits &= _bits - 1;
        return true;
    }
}
