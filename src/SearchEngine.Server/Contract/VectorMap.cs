using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>Dense vectors, both ways. Every length is checked before anything is allocated for it.</summary>
internal static class VectorMap
{
    public const int MaxDimension = 8_192;

    private const float DefaultScale = 1f / 127f;

    /// <summary>The vector as the named one of a collection: its dimension, and values that have a score.</summary>
    public static float[] Read(Wire.Vector vector, VectorSchema schema, string path)
    {
        float[] values = Decode(vector, CheckDimension(vector, schema, path));
        VectorCheck.Finite(values, path);
        VectorCheck.Scored(values, schema, path);
        return values;
    }

    /// <summary>The same without a copy where the bytes are float32: the values live as long as the message's bytes.</summary>
    public static ReadOnlyMemory<float> ReadInPlace(Wire.Vector vector, VectorSchema schema, string path)
    {
        if (vector.Data.IsEmpty || vector.ElementType is not (Wire.ElementType.Unspecified or Wire.ElementType.Float32) || !BitConverter.IsLittleEndian)
        {
            return Read(vector, schema, path);
        }
        CheckDimension(vector, schema, path);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(vector.Data.Span);
        VectorCheck.Finite(values, path);
        VectorCheck.Scored(values, schema, path);
        return new FloatsInPlace(vector.Data.Memory).Memory;
    }

    private static int CheckDimension(Wire.Vector vector, VectorSchema schema, string path)
    {
        int elements = CheckLength(vector, path);
        if (elements != schema.Dimension)
        {
            throw Refusal.Of(
                Wire.ErrorReason.DimensionMismatch, path,
                $"The vector has {elements} elements, vector \"{schema.Name}\" of the collection has {schema.Dimension}.",
                "Send vectors of the collection's encoder.", Refusal.Number(schema.Dimension), Refusal.Number(elements));
        }
        return elements;
    }

    /// <summary>The elements of a vector of any dimension; they are finite.</summary>
    public static float[] Read(Wire.Vector vector, string path)
    {
        float[] values = Decode(vector, CheckLength(vector, path));
        VectorCheck.Finite(values, path);
        return values;
    }

    public static Wire.Vector Write(ReadOnlySpan<float> values, Wire.ElementType type)
    {
        var vector = new Wire.Vector { Dimension = (uint)values.Length, ElementType = type };
        switch (type)
        {
            case Wire.ElementType.Unspecified or Wire.ElementType.Float32 when BitConverter.IsLittleEndian:
                vector.ElementType = Wire.ElementType.Float32;
                vector.Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
                return vector;
            case Wire.ElementType.Float16:
                var halves = new byte[2 * values.Length];
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(2 * i), (Half)values[i]);
                }
                vector.Data = UnsafeByteOperations.UnsafeWrap(halves);
                return vector;
            default:
                throw Refusal.NotServed("fields.vector_element_type", "Ask for FLOAT32 or FLOAT16.");
        }
    }

    /// <summary>How many elements there are, once all that contradicts itself is refused.</summary>
    private static int CheckLength(Wire.Vector vector, string path)
    {
        bool hasData = vector.Data.Length > 0;
        if (hasData && vector.Values.Count > 0)
        {
            throw Refusal.Of(
                Wire.ErrorReason.VectorLength, path, "Both data and values are set.", "Set one of the two.").With("element_type", NameOf(vector.ElementType));
        }
        int size = SizeOf(vector.ElementType, path);
        if (hasData && vector.Data.Length % size != 0)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.VectorLength, $"{path}.data", $"{vector.Data.Length} bytes are no multiple of the {size} bytes of one element.",
                    "Send all bytes of each element, or state the element type they have.", $"a multiple of {size}", Refusal.Number(vector.Data.Length))
                .With("element_type", NameOf(vector.ElementType));
        }
        int elements = hasData ? vector.Data.Length / size : vector.Values.Count;
        if (elements > MaxDimension)
        {
            throw Refusal.Limit(path, elements, MaxDimension, "elements", "Use an encoder with fewer dimensions.");
        }
        if (vector.Dimension != 0 && vector.Dimension != elements)
        {
            throw Refusal.Of(
                Wire.ErrorReason.DimensionMismatch, $"{path}.dimension", $"dimension says {vector.Dimension}, the vector has {elements} elements.",
                "Send as many elements as stated, or leave dimension unset.", Refusal.Number(vector.Dimension), Refusal.Number(elements));
        }
        CheckScale(vector, path);
        return elements;
    }

    internal static void CheckScale(Wire.Vector vector, string path)
    {
        // Written so that NaN is refused.
        if (vector.Scale != 0 && (vector.ElementType != Wire.ElementType.Int8 || !(vector.Scale > 0) || !float.IsFinite(vector.Scale)))
        {
            throw Refusal.Invalid(
                $"{path}.scale", "A scale is positive and finite, and belongs to INT8 elements alone.", "Leave it unset for other element types.",
                vector.Scale.ToString(CultureInfo.InvariantCulture));
        }
    }

    internal static float[] Decode(Wire.Vector vector, int elements)
    {
        if (vector.Data.Length == 0)
        {
            return [.. vector.Values];
        }
        var values = new float[elements];
        ReadOnlySpan<byte> data = vector.Data.Span;
        switch (vector.ElementType)
        {
            case Wire.ElementType.Float16:
                for (int i = 0; i < elements; i++)
                {
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(data[(2 * i)..]);
                }
                break;
            case Wire.ElementType.Bfloat16:
                for (int i = 0; i < elements; i++)
                {
                    values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * i)..]) << 16);
                }
                break;
            case Wire.ElementType.Int8:
                float scale = vector.Scale == 0 ? DefaultScale : vector.Scale;
                for (int i = 0; i < elements; i++)
                {
                    values[i] = (sbyte)data[i] * scale;
                }
                break;
            default:
                for (int i = 0; i < elements; i++)
                {
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(data[(4 * i)..]);
                }
                break;
        }
        return values;
    }

    internal static int SizeOf(Wire.ElementType type, string path) => type switch
    {
        Wire.ElementType.Unspecified or Wire.ElementType.Float32 => 4,
        Wire.ElementType.Float16 or Wire.ElementType.Bfloat16 => 2,
        Wire.ElementType.Int8 => 1,
        _ => throw Refusal.Invalid($"{path}.element_type", "There is no such element type.", "Use a value of ElementType.", Refusal.Number((int)type)),
    };

    internal static string NameOf(Wire.ElementType type) => type == 0 ? nameof(Wire.ElementType.Float32) : type.ToString();
}
