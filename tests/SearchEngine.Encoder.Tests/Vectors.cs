using System.Buffers.Binary;
using Google.Protobuf;
using Xunit;

namespace SearchEngine.Encoder.Tests;

/// <summary>Vectors of the wire as numbers.</summary>
internal static class Vectors
{
    public const double Tolerance = 1e-5;

    public static float[] Floats(Wire.Vector vector) => Floats(vector.Data, vector.ElementType, vector.Scale);

    public static float[] Floats(Wire.MultiVector vectors) => Floats(vectors.Data, vectors.ElementType, vectors.Scale);

    public static void Close(IReadOnlyList<double> expected, IReadOnlyList<float> actual, string what, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance,
                $"{what}, element {i}: {expected[i]:R} wanted, {actual[i]:R} given; is it another text's row, or another pooling?");
        }
    }

    public static double[] Doubles(IEnumerable<float> values) => [.. values.Select(x => (double)x)];

    private static float[] Floats(ByteString data, Wire.ElementType type, float scale)
    {
        var bytes = data.Span;
        var size = type switch { Wire.ElementType.Float32 => 4, Wire.ElementType.Int8 => 1, _ => 2 };
        Assert.Equal(0, bytes.Length % size);
        var values = new float[bytes.Length / size];
        for (var i = 0; i < values.Length; i++)
        {
            var element = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                Wire.ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(element),
                Wire.ElementType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                Wire.ElementType.Bfloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
                _ => (sbyte)element[0] * scale,
            };
        }
        return values;
    }
}
