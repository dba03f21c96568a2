using System.Runtime.InteropServices;

namespace SearchEngine.Vectors.Quantization;

/// <summary>128 bits of a row's values, for finding equal rows. Not for enemies: whoever chooses rows to collide only
/// merges his own rows.</summary>
internal static class RowHash
{
    public static UInt128 Of(ReadOnlySpan<float> row)
    {
        ulong a = 0x9E3779B97F4A7C15 ^ (ulong)row.Length, b = 0xD1342543DE82EF95;
        ReadOnlySpan<ulong> pairs = MemoryMarshal.Cast<float, ulong>(row);
        foreach (ulong pair in pairs)
        {
            ulong high = Math.BigMul(a ^ pair, 0xBF58476D1CE4E5B9, out ulong low);
            a = high ^ low ^ pair;
            b = (ulong.RotateLeft(b, 29) ^ pair) * 0x94D049BB133111EB;
        }
        if ((row.Length & 1) != 0)
        {
            a ^= BitConverter.SingleToUInt32Bits(row[^1]);
            b ^= a;
        }
        return new UInt128(SplitMix.Mix(a), SplitMix.Mix(b ^ a));
    }
}
