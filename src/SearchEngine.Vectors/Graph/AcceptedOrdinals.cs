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

    /// <summary>Replaces the rows of a batch by the next step, if there is one. Not after <see cref="TryTake"/>.</summary>
    public bool TryFill(RowBatch batch)
    {
        batch.Advance();
        return TryExtend(batch);
    }

    /// <summary>Adds the next step to a batch that is not full, if there is one. Not after <see cref="TryTake"/>.</summary>
    public bool TryExtend(RowBatch batch)
    {
        int word = _word;
        for (; batch.HasRoom && word < _words.Length; word++)
        {
            if (_words[word] != 0)
            {
                batch.AddBits((uint)word * 64, _words[word]);
            }
        }
        _word = word;
        return batch.Close();
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
