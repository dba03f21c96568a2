using System.Collections.Frozen;

namespace SearchEngine.Models.Tokenizers.Unicode;

/// <summary>
/// Decompositions, compositions and combining classes of Unicode 9.0, which is what the reference normalises by. Carried
/// as data (see make_normalization_data.py) so that ids do not depend on the machine's ICU, or on there being one.
/// </summary>
internal static class NormalizationData
{
    private const int BlockBits = 8;
    private const int BlockSize = 1 << BlockBits;

    private static readonly Tables Data = Load();

    /// <summary>Full canonical decomposition; empty where the code point stands for itself. Hangul is computed elsewhere.</summary>
    public static ReadOnlySpan<int> Canonical(int codePoint) => Data.Find(Data.Canonical, codePoint);

    /// <summary>Full compatibility decomposition; empty where it equals the canonical one.</summary>
    public static ReadOnlySpan<int> Compatible(int codePoint) => Data.Find(Data.Compatible, codePoint);

    public static byte CombiningClass(int codePoint)
    {
        var block = Data.Classes[codePoint >> BlockBits];
        return block is null ? (byte)0 : block[codePoint & (BlockSize - 1)];
    }

    /// <summary>The primary composite of two characters, or -1.</summary>
    public static int Compose(int first, int second) =>
        Data.Compositions.TryGetValue((long)first << 32 | (uint)second, out var composite) ? composite : -1;

    private static Tables Load()
    {
        using var stream = typeof(NormalizationData).Assembly.GetManifestResourceStream("normalization.bin")
            ?? throw new InvalidOperationException("The assembly lacks its resource normalization.bin.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var position = 0;
        var pool = new List<int> { 0 };
        var canonical = ReadDecompositions(bytes, ref position, pool);
        var compatible = ReadDecompositions(bytes, ref position, pool);
        var compositions = new Dictionary<long, int>();
        for (var left = ReadNumber(bytes, ref position); left > 0; left--)
        {
            var composite = ReadNumber(bytes, ref position);
            var first = ReadNumber(bytes, ref position);
            compositions.Add((long)first << 32 | (uint)ReadNumber(bytes, ref position), composite);
        }
        var classes = new byte[]?[0x110000 >> BlockBits];
        var codePoint = 0;
        for (var left = ReadNumber(bytes, ref position); left > 0; left--)
        {
            codePoint += ReadNumber(bytes, ref position);
            (classes[codePoint >> BlockBits] ??= new byte[BlockSize])[codePoint & (BlockSize - 1)] =
                (byte)ReadNumber(bytes, ref position);
        }
        return new Tables(pool.ToArray(), canonical, compatible, classes, compositions.ToFrozenDictionary());
    }

    /// <summary>Blocks of positions in the pool, where a decomposition lies behind its length; 0 means none.</summary>
    private static ushort[]?[] ReadDecompositions(byte[] bytes, ref int position, List<int> pool)
    {
        var blocks = new ushort[]?[0x110000 >> BlockBits];
        var codePoint = 0;
        for (var left = ReadNumber(bytes, ref position); left > 0; left--)
        {
            codePoint += ReadNumber(bytes, ref position);
            (blocks[codePoint >> BlockBits] ??= new ushort[BlockSize])[codePoint & (BlockSize - 1)] = checked((ushort)pool.Count);
            var length = ReadNumber(bytes, ref position);
            pool.Add(length);
            for (var part = 0; part < length; part++)
            {
                pool.Add(ReadNumber(bytes, ref position));
            }
        }
        return blocks;
    }

    private static int ReadNumber(byte[] bytes, ref int position)
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[position++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private sealed record Tables(
        int[] Pool, ushort[]?[] Canonical, ushort[]?[] Compatible, byte[]?[] Classes, FrozenDictionary<long, int> Compositions)
    {
        public ReadOnlySpan<int> Find(ushort[]?[] blocks, int codePoint)
        {
            var position = blocks[codePoint >> BlockBits]?[codePoint & (BlockSize - 1)] ?? 0;
            return position == 0 ? default : Pool.AsSpan(position + 1, Pool[position]);
        }
    }
}
