using System.Numerics;

namespace SearchEngine.Collections;

/// <summary>The set bits of a row set, ascending.</summary>
internal ref struct RowEnumerator(ReadOnlySpan<ulong> words)
{
    private readonly ReadOnlySpan<ulong> _words = words;
    private ulong _bits = words.IsEmpty ? 0 : words[0];
    private int _word;

    public readonly RowEnumerator GetEnumerator() => this;

    public uint Current { get; private set; }

    public bool MoveNext()
    {
        while (_bits == 0)
        {
            if (++_word >= _words.Length)
            {
                return false;
            }
            _bits = _words[_word];
        }
        Current = (uint)(64 * _word + BitOperations.TrailingZeroCount(_bits));
        _bits &= _bits - 1;
        return true;
    }
}
