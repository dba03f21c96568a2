using System.Buffers.Binary;
using Google.Protobuf;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;
using SearchEngine.Server.Contract;
using Xunit;

namespace SearchEngine.Server.Tests.Contract;

public sealed class VectorMapTests
{
    private static readonly VectorSchema Schema = new() { Dimension = 4 };
    private static readonly float[] Values = [0.5f, -1.25f, 3f, -0.0625f];

    [Fact]
    public void OneVector_IsTheSameInEveryFormItCanTravelIn()
    {
        var floats = new byte[16];
        var halves = new byte[8];
        var brains = new byte[8];
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(floats.AsSpan(4 * i), Values[i]);
            BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(2 * i), (Half)Values[i]);
            BinaryPrimitives.WriteUInt16LittleEndian(brains.AsSpan(2 * i), (ushort)(BitConverter.SingleToInt32Bits(Values[i]) >> 16));
        }
        var repeated = new Wire.Vector();
        repeated.Values.Add(Values);
        Wire.Vector[] forms =
        [
            repeated,
            new() { Data = ByteString.CopyFrom(floats) },
            new() { Data = ByteString.CopyFrom(floats), ElementType = Wire.ElementType.Float32, Dimension = 4 },
            new() { Data = ByteString.CopyFrom(halves), ElementType = Wire.ElementType.Float16 },
            new() { Data = ByteString.CopyFrom(brains), ElementType = Wire.ElementType.Bfloat16 },
            new() { Data = ByteString.CopyFrom(8, unchecked((byte)-20), 48, unchecked((byte)-1)), ElementType = Wire.ElementType.Int8, Scale = 0.0625f },
            VectorMap.Write(Values, Wire.ElementType.Float32),
            VectorMap.Write(Values, Wire.ElementType.Float16),
        ];
        foreach (Wire.Vector form in forms)
        {
            Assert.Equal(Values, VectorMap.Read(form, Schema, "vector"));
            Assert.Equal(Values, VectorMap.ReadInPlace(form, Schema, "vector").ToArray());
        }
    }

    [Fact]
    public void FloatsReadInPlace_CostNoArrayAtAnyOffset()
    {
        var bytes = new byte[17];
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(Values.AsSpan()).CopyTo(bytes.AsSpan(1));
        // Slices of a frame begin anywhere.
        var vector = new Wire.Vector { Data = UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(1)) };
        ReadOnlyMemory<float> read = VectorMap.ReadInPlace(vector, Schema, "vector");
        Assert.Equal(Values, read.ToArray());
        bytes[4] ^= 0x80;
        Assert.Equal(-Values[0], read.Span[0]);
        Assert.Equal(Values[2..], read[2..].ToArray());
    }

    [Fact]
    public void AFrameOfFloats_IsRefusedInPlaceAsItIsCopied()
    {
        var vector = new Wire.Vector { Data = ByteString.CopyFrom(new byte[12]) };
        Assert.Equal("DIMENSION_MISMATCH", Assert.Throws<RpcException>(() => VectorMap.ReadInPlace(vector, Schema, "vector")).Reason);
        vector.Data = ByteString.CopyFrom(new byte[16]);
        Assert.Equal("VECTOR_ZERO", Assert.Throws<RpcException>(() => VectorMap.ReadInPlace(vector, Schema, "vector")).Reason);
    }

    [Theory]
    [InlineData(15, 0, 0u, 0f, "VECTOR_LENGTH", "vector.data")]
    [InlineData(12, 0, 0u, 0f, "DIMENSION_MISMATCH", "vector")]
    [InlineData(0, 0, 0u, 0f, "DIMENSION_MISMATCH", "vector")]
    [InlineData(16, 4, 0u, 0f, "VECTOR_LENGTH", "vector")]
    [InlineData(16, 0, 5u, 0f, "DIMENSION_MISMATCH", "vector.dimension")]
    [InlineData(16, 0, 0u, 2f, "FIELD_INVALID", "vector.scale")]
    [InlineData(4 * 8193, 0, 0u, 0f, "LIMIT_EXCEEDED", "vector")]
    [InlineData(16, 0, 0u, 0f, "VECTOR_ZERO", "vector")]
    public void AVectorThatDoesNotFit_IsRefusedWithItsReasonAndField(int bytes, int floats, uint dimension, float scale, string reason, string field)
    {
        var vector = new Wire.Vector { Data = ByteString.CopyFrom(new byte[bytes]), Dimension = dimension, Scale = scale };
        vector.Values.Add(Values.Take(floats));
        RpcException refused = Assert.Throws<RpcException>(() => VectorMap.Read(vector, Schema, "vector"));
        Assert.Equal((reason, field), (refused.Reason, refused.Facts[Refusal.FieldFact]));
        Assert.NotEmpty(refused.Facts[Refusal.FixFact]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void AnElementThatIsNotFinite_IsNamedByItsIndex(float wrong)
    {
        var vector = new Wire.Vector();
        vector.Values.Add([1, 2, wrong, 4]);
        RpcException refused = Assert.Throws<RpcException>(() => VectorMap.Read(vector, Schema, "vector"));
        Assert.Equal(("VECTOR_NOT_FINITE", "2"), (refused.Reason, refused.Facts["index"]));
    }

    [Theory]
    [InlineData(VectorMetric.Dot, 65_504f, 65_536f)]
    [InlineData(VectorMetric.Euclidean, 65_504f, -1e30f)]
    [InlineData(VectorMetric.Cosine, 65_536f, 1e30f)]
    public void AnElementBeyondWhatIsStored_IsRefusedBeforeItCouldSpoilASegment(VectorMetric metric, float largest, float tooLarge)
    {
        VectorSchema schema = Schema with { Metric = metric };
        var vector = new Wire.Vector();
        vector.Values.Add([1, 2, largest, 4]);
        VectorMap.Read(vector, schema, "vector");
        vector.Values[3] = tooLarge;
        RpcException refused = Assert.Throws<RpcException>(() => VectorMap.Read(vector, schema, "vector"));
        Assert.Equal(("VECTOR_RANGE", "3"), (refused.Reason, refused.Facts["index"]));
    }

    [Fact]
    public void AVectorStoredAsBytes_TakesWholeNumbersAlone()
    {
        VectorSchema bytes = Schema with { StoredType = StoredType.Int8 };
        var vector = new Wire.Vector();
        vector.Values.Add([1, 2, 128, 4]);
        RpcException refused = Assert.Throws<RpcException>(() => VectorMap.Read(vector, bytes, "vector"));
        Assert.Equal(("VECTOR_RANGE", "2"), (refused.Reason, refused.Facts["index"]));
    }
}
