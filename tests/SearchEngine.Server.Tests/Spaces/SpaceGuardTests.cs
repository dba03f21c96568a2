using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Spaces;
using Xunit;

namespace SearchEngine.Server.Tests.Spaces;

public sealed class SpaceGuardTests
{
    private const int Dimension = 3;

    private static readonly VectorSchema[] Bound =
    [
        Vector(new Wire.SpaceBinding { Declared = "cloud/model-a@3", Sidedness = Wire.Sidedness.Asymmetric }),
        Vector(new Wire.SpaceBinding { Encoder = Asymmetric('a') }),
        Vector(new Wire.SpaceBinding { Encoder = Asymmetric('b') }),
    ];

    [Fact]
    public void OfThreeSpaces_AllOrderedPairsAndSwappedSidesAreRefusedAndNoneOfTheRightOnes()
    {
        foreach (VectorSchema vector in Bound)
        {
            foreach (VectorSchema other in Bound)
            {
                string space = BoundSpace.Of(other)!.Id;
                var document = new Wire.VectorOrigin { Space = space, Side = Wire.Side.Document };
                var query = new Wire.VectorOrigin { Space = space, Side = Wire.Side.Query };
                if (ReferenceEquals(vector, other))
                {
                    SpaceGuard.CheckDocument(vector, document, "origin");
                    SpaceGuard.CheckQuery(vector, query, "origin");
                    Refused(() => SpaceGuard.CheckDocument(vector, query, "origin"), "SIDE_MISMATCH", "DOCUMENT", "QUERY");
                    Refused(() => SpaceGuard.CheckQuery(vector, document, "origin"), "SIDE_MISMATCH", "QUERY", "DOCUMENT");
                    Refused(
                        () => SpaceGuard.CheckDocument(vector, new Wire.VectorOrigin { Space = space }, "origin"), "SIDE_MISMATCH", "DOCUMENT", "not stated");
                }
                else
                {
                    Refused(() => SpaceGuard.CheckDocument(vector, document, "origin"), "ENCODER_MISMATCH", BoundSpace.Of(vector)!.Id, space);
                    Refused(() => SpaceGuard.CheckQuery(vector, query, "origin"), "ENCODER_MISMATCH", BoundSpace.Of(vector)!.Id, space);
                }
            }
            Refused(() => SpaceGuard.CheckDocument(vector, null, "origin"), "ENCODER_MISMATCH", BoundSpace.Of(vector)!.Id, "not stated");
        }
    }

    [Fact]
    public void ASymmetricSpace_TakesVectorsWithoutASide()
    {
        VectorSchema vector = Vector(new Wire.SpaceBinding { Declared = "both" });
        foreach (Wire.Side side in (Wire.Side[])[Wire.Side.Unspecified, Wire.Side.Symmetric, Wire.Side.Document])
        {
            SpaceGuard.CheckDocument(vector, new Wire.VectorOrigin { Space = "both", Side = side }, "origin");
        }
    }

    [Fact]
    public void AnUnboundVector_TakesWhatStatesNothing()
    {
        SpaceGuard.CheckDocument(new VectorSchema { Dimension = Dimension }, null, "origin");
        SpaceGuard.CheckQuery(new VectorSchema { Dimension = Dimension }, new Wire.VectorOrigin { Space = "any" }, "origin");
    }

    [Fact]
    public void DescriptorsThatMeanTheSame_GiveOneSpace()
    {
        Wire.EncoderDescriptor plain = Encoder('a');
        Wire.EncoderDescriptor wordy = plain.Clone();
        wordy.Name = "another name";
        wordy.Pooling = Wire.Pooling.Mean;
        wordy.Normalization = Wire.Normalization.Unit;
        wordy.QueryTemplate = "{text}";
        wordy.Outputs.Add(Wire.OutputKind.Dense);
        wordy.WeightsSha256 = wordy.WeightsSha256.ToUpperInvariant();
        Assert.Equal(SpaceId.Of(plain), SpaceId.Of(wordy));
        Assert.Matches("^s1-[0-9a-f]{32}$", SpaceId.Of(plain));
        wordy.QueryTemplate = "query: {text}";
        Assert.NotEqual(SpaceId.Of(plain), SpaceId.Of(wordy));
    }

    [Fact]
    public void ABinding_ComesBackWholeFromTheEngine()
    {
        var binding = new Wire.SpaceBinding { Declared = "x", Sidedness = Wire.Sidedness.Asymmetric, CanaryFloor = 0.5f };
        binding.Canaries.Add(new Wire.Canary
        {
            Text = "a cat",
            Side = Wire.Side.Query,
            Vector = VectorMap.Write([1, 2, 3], Wire.ElementType.Float32),
        });
        VectorSchema vector = Vector(binding);
        Assert.Equal(binding, BoundSpace.Of(vector)!.Binding);
        Assert.Equal(binding, VectorSchemaMap.Write(vector).Space);
    }

    private static void Refused(Action act, string reason, string expected, string actual)
    {
        RpcException refused = Assert.Throws<RpcException>(act);
        Assert.Equal((reason, StatusCode.FailedPrecondition), (refused.Reason, refused.Code));
        Assert.Equal((expected, actual), (refused.Facts[Refusal.ExpectedFact], refused.Facts[Refusal.ActualFact]));
    }

    private static VectorSchema Vector(Wire.SpaceBinding space) =>
        VectorSchemaMap.Read(new Wire.VectorSchema { Dimension = Dimension, Space = space }, isFirst: true, "vector");

    private static Wire.EncoderDescriptor Asymmetric(char digit)
    {
        Wire.EncoderDescriptor encoder = Encoder(digit);
        encoder.Sidedness = Wire.Sidedness.Asymmetric;
        return encoder;
    }

    private static Wire.EncoderDescriptor Encoder(char digit) => new()
    {
        WeightsSha256 = new string(digit, 64),
        TokenizerSha256 = new string('0', 64),
        MaxTokens = 512,
        Dimension = Dimension,
    };
}
