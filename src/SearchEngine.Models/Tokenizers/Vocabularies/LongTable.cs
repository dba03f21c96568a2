using System.Numerics;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>A map from non-negative 64-bit keys to non-negative ints by open addressing; read-only once built.</summary>
internal sealed class LongTable
{
    private const int Missing = -1;
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private long[] _keys;
    private int[] _values;
    private int _shift;
    private int _count;

    public LongTable(int expected)
    {
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2L * expected));
        _keys = new long[capacity];
        _values = new int[capacity];
        Array.Fill(_keys, Missing);
        _shift = 64 - BitOperations.Log2((uint)capacity);
    }

    /// <summary>The value of the key, or -1.</summary>
    public int Find(long key)
    {
        var keys = _keys;
        for (var slot = Slot(key); ; slot = (slot + 1) & (keys.Length - 1))
        {
            if (keys[slot] == key)
            {
                return _values[slot];
            }
            if (keys[slot] == Missing)
            {
                return Missing;
            }
        }
    }

    public void Set(long key, int value)
    {
        if (2 * (_count + 1) > _keys.Length)
        {
            Grow();
        }
        var slot = Slot(key);
        while (_keys[slot] != key && _keys[slot] != Missing)
        {
            slot = (slot + 1) & (_keys.Length - 1);
        }
        _count += _keys[slot] == Missing ? 1 : 0;
        (_keys[slot], _values[slot]) = (key, value);
    }

    private int Slot(long key) => (int)((ulong)key * Spread >> _shift);

    private void Grow()
    {
        var (keys, values) = (_keys, _values);
        _keys = new long[2 * keys.Length];
        _values = new int[2 * keys.Length];
        Array.Fill(_keys, Missing);
        _shift--;
        _count = 0;
        for (var slot = 0; slot < keys.Length; slot++)
        {
            if (keys[slot] != Missing)
            {
                Set(keys[slot], values[slot]);
            }
        }
    }
}
