using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Calls;

/// <summary>Results of a model as messages of the contract, in the element type that was asked for.</summary>
internal static class VectorWire
{
    public static Wire.Vector Dense(ReadOnlySpan<float> vector, Wire.ElementType type)
    {
        var (data, scale) = Bytes(vector, type);
        return new Wire.Vector { Data = data, ElementType = type, Dimension = (uint)vector.Length, Scale = scale };
    }

    public static Wire.MultiVector Multi(ReadOnlySpan<float> rows, int dimension, Wire.ElementType type)
    {
        var (data, scale) = Bytes(rows, type);
        return new Wire.MultiVector { Data = data, ElementType = type, Dimension = (uint)dimension, Scale = scale };
    }

    public static Wire.SparseVector Sparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> weights)
    {
        var sparse = new Wire.SparseVector();
        sparse.Indices.Capacity = sparse.Values.Capacity = indices.Length;
        for (var i = 0; i < indices.Length; i++)
        {
            sparse.Indices.Add((uint)indices[i]);
            sparse.Values.Add(weights[i]);
        }
        return sparse;
    }

    /// <summary>The elements, little-endian; the scale is 0 but for INT8.</summary>
    private static (ByteString Data, float Scale) Bytes(ReadOnlySpan<float> values, Wire.ElementType type)
    {
        byte[] data;
        var scale = 0f;
        switch (type)
        {
            case Wire.ElementType.Float16:
                data = new byte[values.Length * 2];
                for (var i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(2 * i), (Half)values[i]);
                break;
            case Wire.ElementType.Bfloat16:
                data = new byte[values.Length * 2];
                for (var i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * i), Bfloat16(values[i]));
                break;
            case Wire.ElementType.Int8:
                data = new byte[values.Length];
                scale = VectorElements.ToInt8(values, MemoryMarshal.Cast<byte, sbyte>(data.AsSpan()));
                break;
            default:
                data = new byte[values.Length * 4];
                for (var i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), values[i]);
                break;
        }
        return (UnsafeByteOperations.UnsafeWrap(data), scale);
    }

    /// <summary>The upper half, rounded to the nearest, ties to even. Vectors are finite.</summary>
    private static ushort Bfloat16(float value)
    {
        const int LowerBits = 16, Half = 0x7fff;
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + Half + (bits >> LowerBits & 1)) >> LowerBits);
    }
}
