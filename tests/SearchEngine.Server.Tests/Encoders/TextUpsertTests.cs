using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

public sealed class TextUpsertTests
{
    [Fact]
    public async Task PointsWithoutAVector_GetTheOneOfTheirText_AndPointsWithOneKeepIt()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.Point own = TextHost.Point(2, "dogs bark");
        float[] given = host.Encoder.VectorOf("something else", Wire.Side.Document);
        own.Vector = Search.SearchHost.Vector(given);
        await host.Api.UpsertAsync(
            TextHost.Name, request => request.Origin = new Wire.VectorOrigin { Space = host.Encoder.Space, Side = Wire.Side.Document },
            TextHost.Point(1, "cats purr"), own);
        Assert.Equal(["cats purr"], Assert.Single(host.Encoder.Encodes).Texts);
        AssertNear(host.Encoder.VectorOf("cats purr", Wire.Side.Document), await StoredAsync(host, 1));
        AssertNear(given, await StoredAsync(host, 2));
    }

    [Fact]
    public async Task ATextThatIsTooLong_RefusesTheBatch_OrItsPointAlone()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.Point[] points = [TextHost.Point(1, "cats"), TextHost.Point(2, Long()), TextHost.Point(3, "dogs"), TextHost.Point(4, Long() + " more"), TextHost.Point(5, "")];
        RpcException refused = await RunningServer.RefusedAsync(
            () => host.Api.UpsertAsync(TextHost.Name, points), Wire.ErrorReason.TextTooLong, "points[1].texts.body");
        Assert.Equal(["points[1].texts.body", "points[3].texts.body", "points[4].texts.body"], refused.FieldViolations.Select(static v => v.Field));
        Assert.Equal(0UL, await host.Api.CountAsync(TextHost.Name));
        Wire.UpsertReply skipped = await host.Api.UpsertAsync(TextHost.Name, static request => request.ItemPolicy = Wire.ItemPolicy.SkipItem, points);
        Assert.Equal(2u, skipped.Written);
        Assert.Equal(
            [(1UL, Wire.ErrorReason.TextTooLong), (3UL, Wire.ErrorReason.TextTooLong), (4UL, Wire.ErrorReason.TextEmpty)],
            skipped.Refused.Select(static item => (item.Index, item.Error.Reason)));
        Assert.Equal([1UL, 0UL, 1UL, 0UL, 0UL], skipped.Versions);
    }

    [Fact]
    public async Task ATextThatIsCut_IsReported()
    {
        FakeEncoder encoder = await FakeEncoder.StartAsync();
        await using TextHost host = await TextHost.StartAsync(encoder, TextHost.Config(encoder.Descriptor, Wire.Truncation.Head));
        Wire.UpsertReply reply = await host.Api.UpsertAsync(TextHost.Name, TextHost.Point(1, "cats"), TextHost.Point(2, Long()));
        Wire.EncodedText cut = Assert.Single(reply.EncodedTexts);
        Assert.Equal((1UL, "body", 60u, 50u, true), (cut.Index, cut.TextField, cut.Use.TokensIn, cut.Use.TokensUsed, cut.Use.Truncated));
        Assert.Contains(reply.Header.Warnings, static warning => warning.Kind == Wire.WarningKind.TextTruncated);
    }

    [Fact]
    public async Task ManyPoints_AreEncodedInSeveralCalls_EachForItsOwnPoint()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.Point[] points = [.. Enumerable.Range(1, 300).Select(static i => TextHost.Point((ulong)i, $"word{i} other{i % 7}"))];
        Assert.Equal(300u, (await host.Api.UpsertAsync(TextHost.Name, points)).Written);
        Assert.Equal([44, 64, 64, 64, 64], host.Encoder.Encodes.Select(static call => call.Texts.Count).Order());
        foreach (int id in (int[])[1, 64, 65, 200, 300])
        {
            AssertNear(host.Encoder.VectorOf($"word{id} other{id % 7}", Wire.Side.Document), await StoredAsync(host, (ulong)id));
        }
    }

    [Fact]
    public async Task VectorsAlone_AreWrittenWithoutAnEncoder_AndTextsAreNotWritten()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.Encoder.KillAsync();
        await RunningServer.RefusedAsync(() => host.WriteAsync("cats"), Wire.ErrorReason.EncoderDown);
        Wire.Point own = TextHost.Point(2, "dogs bark");
        own.Vector = Search.SearchHost.Vector(host.Encoder.VectorOf("dogs bark", Wire.Side.Document));
        Wire.UpsertReply written = await host.Api.UpsertAsync(
            TextHost.Name, request => request.Origin = new Wire.VectorOrigin { Space = host.Encoder.Space, Side = Wire.Side.Document }, own);
        Assert.Equal(1u, written.Written);
        Assert.Equal(1UL, await host.Api.CountAsync(TextHost.Name));
    }

    [Fact]
    public async Task AnUpload_EncodesAndAnswersItemByItem()
    {
        await using TextHost host = await TextHost.StartAsync();
        await using DuplexCall<Wire.UploadRequest, Wire.UploadReply> upload = await host.Api.UploadAsync();
        await upload.WriteAsync(new Wire.UploadRequest { Header = new Wire.UploadHeader { Header = Api.Header(TextHost.Name) } });
        await upload.WriteAsync(new Wire.UploadRequest
        {
            Items = new Wire.UploadItems { FirstSequence = 1, Points = { TextHost.Point(1, "cats"), TextHost.Point(2, Long()), TextHost.Point(3, "dogs") } },
        });
        upload.CompleteRequests();
        List<Wire.UploadReply> replies = await upload.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Wire.RefusedItem refused = Assert.Single(replies.Single(static r => r.Refusals is not null).Refusals.Refused);
        Assert.Equal((2UL, Wire.ErrorReason.TextTooLong, "texts.body"), (refused.Index, refused.Error.Reason, refused.Error.Field));
        Assert.Equal((2UL, 1UL), (replies[^1].Summary.Written, replies[^1].Summary.Refused));
        Assert.All(host.Encoder.Encodes, static call => Assert.Equal((Wire.Side.Document, Wire.Lane.Bulk), (call.Options.Side, call.Header.Lane)));
    }

    [Fact]
    public async Task ASourceTextField_NeedsADescribedEncoderAndAFieldThatExists()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.CollectionConfig unbound = TextHost.Config(host.Encoder.Descriptor);
        unbound.Vectors[0].Space = new Wire.SpaceBinding { Declared = "cloud" };
        await RunningServer.RefusedAsync(() => host.Api.CreateAsync("a", unbound), Wire.ErrorReason.EncoderNone, "config.vectors[0].source_text_field");
        Wire.CollectionConfig nowhere = TextHost.Config(host.Encoder.Descriptor);
        nowhere.Vectors[0].SourceTextField = "nowhere";
        await RunningServer.RefusedAsync(() => host.Api.CreateAsync("b", nowhere), Wire.ErrorReason.AttributeUnknown, "config.vectors[0].source_text_field");
    }

    private static string Long() => string.Join(' ', Enumerable.Repeat("long", 60));

    private static async Task<float[]> StoredAsync(TextHost host, ulong id)
    {
        Wire.Point? point = await host.Api.GetAsync(TextHost.Name, id);
        return [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(point!.Vector.Data.Span)];
    }

    private static void AssertNear(float[] expected, float[] actual) => Assert.All(
        expected.Zip(actual), static pair => Assert.True(MathF.Abs(pair.First - pair.Second) < 2e-3f, $"Stored {pair.Second} where the encoder gave {pair.First}."));
}
