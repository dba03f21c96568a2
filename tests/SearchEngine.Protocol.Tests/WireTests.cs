using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Protocol.V1;
using Xunit;

namespace SearchEngine.Protocol.Tests;

/// <summary>What travels: sizes of the hot messages, and tolerance of what a newer peer sends.</summary>
public sealed class WireTests
{
    /// <summary>The largest field number there is; no message will ever define it.</summary>
    private const int UnknownNumber = 536_870_911;

    [Fact]
    public void ASearchByVectorCostsNineteenBytesBeyondItsFloats()
    {
        int size = SearchFor(768).CalculateSize();
        Assert.True(size == (768 * sizeof(float)) + 19,
            $"The hottest request takes {size} bytes: a field was added to it or its number exceeds 15.");
    }

    [Fact]
    public void TenHitsAreSmall()
    {
        int size = TenHits().CalculateSize();
        Assert.True(size == 258, $"The hottest reply takes {size} bytes: a hit grew, or the envelope did.");
    }

    [Fact]
    public void AHitWithAnOrdinaryNumberTakesThirteenBytes()
    {
        int ten = TenHits().CalculateSize();
        SearchReply nine = TenHits();
        nine.Hits.RemoveAt(9);
        Assert.True(ten - nine.CalculateSize() == 13, $"One more hit adds {ten - nine.CalculateSize()} bytes to a reply.");
    }

    [Fact]
    public void BytesAndFloatsOfOneVectorAreEquallyLarge()
    {
        var asFloats = new Vector { Values = { Floats(768) } };
        Assert.Equal(new Vector { Data = Bytes(768) }.CalculateSize(), asFloats.CalculateSize());
    }

    [Fact]
    public void PackedFloatsAreLittleEndianFloatsOnTheWire()
    {
        byte[] message = new Vector { Values = { Floats(768) } }.ToByteArray();
        Assert.True(message.AsSpan().EndsWith(Bytes(768).Span),
            "The README promises that packed floats can be read in place like bytes.");
    }

    [Fact]
    public void WhatANewerPeerAddsSurvivesARoundTrip()
    {
        byte[] unknown = Unknown();
        foreach (MessageDescriptor message in Contract.GeneratedFiles.SelectMany(file => file.MessageTypes))
        {
            byte[] roundTrip = message.Parser.ParseFrom(unknown).ToByteArray();
            Assert.True(unknown.AsSpan().SequenceEqual(roundTrip), $"{message.FullName} loses fields it does not know.");
        }
    }

    [Fact]
    public void UnknownFieldsDeepInsideSurviveARoundTrip()
    {
        SearchRequest request = SearchFor(4);
        request.Query.Vector.MergeFrom(Unknown());
        byte[] sent = request.ToByteArray();
        Assert.Equal(sent, SearchRequest.Parser.ParseFrom(sent).ToByteArray());
        Assert.True(sent.AsSpan().IndexOf(Unknown()) >= 0, "The unknown field was not sent at all.");
    }

    [Fact]
    public void UnknownEnumValuesSurviveARoundTrip()
    {
        var vector = new Vector { Data = Bytes(2), ElementType = (ElementType)77 };
        Assert.Equal(vector, Vector.Parser.ParseFrom(vector.ToByteArray()));
    }

    [Fact]
    public void IdsZeroAndMissingDiffer()
    {
        Assert.Equal(Id.KindOneofCase.Number, Id.Parser.ParseFrom(new Id { Number = 0 }.ToByteArray()).KindCase);
        Assert.Equal(Id.KindOneofCase.None, Id.Parser.ParseFrom(new Id().ToByteArray()).KindCase);
    }

    private static byte[] Unknown()
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(UnknownNumber, WireFormat.WireType.LengthDelimited);
            output.WriteString("from a newer peer");
        }
        return stream.ToArray();
    }

    private static SearchRequest SearchFor(int dimension) => new()
    {
        Header = new RequestHeader { Collection = "docs" },
        Query = new Query { Vector = new Vector { Data = Bytes(dimension) } },
        K = 10,
    };

    private static SearchReply TenHits()
    {
        var reply = new SearchReply
        {
            Header = new ReplyHeader
            {
                ServerVersion = "1.0.0",
                SnapshotVersion = 1_000_000,
                Timings = new Timings
                {
                    TotalMicros = 800,
                    AdmitMicros = 20,
                    PlanMicros = 5,
                    WalkMicros = 600,
                    RescoreMicros = 90,
                    FetchMicros = 10,
                },
                Cost = new Cost
                {
                    NodesVisited = 200,
                    RowsScored = 2_500,
                    RowsRescored = 20,
                    BytesRead = 2_000_000,
                    CpuMicros = 750,
                    PredictedCpuMicros = 700,
                },
            },
            Complete = true,
            ScoreKind = ScoreKind.Cosine,
            Plan = new Plan
            {
                Strategy = Strategy.Walk,
                Breadth = 80,
                MatchCount = 1_000_000,
                MatchCountBasis = CountBasis.Exact,
                WalkDimension = 768,
                RescoreDimension = 768,
                Rescored = 20,
                Segments = 3,
            },
            Recall = new RecallEstimate { Recall = 0.95f, Basis = RecallBasis.Calibrated, Low = 0.8f },
            Fingerprint = new Fingerprint { Space = "s1-0123456789abcdef0123456789abcdef" },
        };
        for (int rank = 0; rank < 10; rank++)
            reply.Hits.Add(new Hit { Id = new Id { Number = 1_000_000 + (ulong)rank }, Score = 0.9f });
        return reply;
    }

    private static float[] Floats(int count) => Enumerable.Range(1, count).Select(value => 1f / value).ToArray();

    private static ByteString Bytes(int count) => ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Floats(count)));
}
