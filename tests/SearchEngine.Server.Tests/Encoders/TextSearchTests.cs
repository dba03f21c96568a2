using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

public sealed class TextSearchTests
{
    private static readonly string[] Bodies =
        ["cats purr when they are happy", "dogs bark at the moon", "the moon circles the earth", "bread needs flour and water"];

    [Fact]
    public async Task ASearchByText_FindsWhatTheEncodersVectorFinds()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        Wire.SearchReply byText = await host.SearchAsync(TextHost.Query("why do dogs bark"));
        Wire.SearchRequest request = TextHost.Query("");
        request.Query = new Wire.Query
        {
            Vector = Search.SearchHost.Vector(host.Encoder.VectorOf("why do dogs bark", Wire.Side.Query)),
            Origin = new Wire.VectorOrigin { Space = host.Encoder.Space, Side = Wire.Side.Query },
        };
        Wire.SearchReply byVector = await host.SearchAsync(request);
        Assert.Equal(byVector.Hits, byText.Hits);
        Assert.Equal(2UL, byText.Hits[0].Id.Number);
        Assert.Equal((host.Encoder.Space, host.Encoder.Build), (byText.Fingerprint.Space, byText.Fingerprint.Build));
        Assert.Equal((4u, 4u, false), (byText.TextUse.TokensIn, byText.TextUse.TokensUsed, byText.TextUse.Truncated));
        Assert.Equal((7u, 3u), (byText.Header.Timings.EncodeMicros, byText.Header.Timings.TokenizeMicros));
    }

    [Fact]
    public async Task QueriesGoOnTheQuerySideAndTextsOfPointsOnTheDocumentSide_WhateverTheCallerSays()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        await host.SearchAsync(TextHost.Query("one"));
        await host.StreamAsync(new Wire.SearchStreamRequest { Search = TextHost.Query("two") });
        await host.BatchAsync(new Wire.SearchBatchRequest { Header = Api.Header(TextHost.Name), Searches = { Bare("three"), Bare("four") } });
        Wire.EncodeRequest[] calls = [.. host.Encoder.Encodes];
        Assert.Equal(Bodies, calls[0].Texts);
        Assert.Equal(Wire.Side.Document, calls[0].Options.Side);
        Assert.Equal(["one", "two", "three", "four"], calls[1..].SelectMany(static call => call.Texts));
        Assert.All(calls[1..], static call => Assert.Equal(Wire.Side.Query, call.Options.Side));
        Assert.True(calls.Length == 4, "The two searches of the batch did not share a call.");
    }

    [Fact]
    public async Task AWrongSpaceIsRefusedWithBothFingerprints_BeforeAnyTextIsSent()
    {
        await using FakeEncoder other = await FakeEncoder.StartAsync(weights: 'b');
        await using TextHost host = await TextHost.StartAsync(config: TextHost.Config(other.Descriptor));
        RpcException search = await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("cats")), Wire.ErrorReason.EncoderMismatch);
        RpcException write = await RunningServer.RefusedAsync(() => host.WriteAsync(Bodies), Wire.ErrorReason.EncoderMismatch);
        foreach (RpcException refused in (RpcException[])[search, write])
        {
            Assert.Equal((other.Space, host.Encoder.Space), (refused.Facts["expected"], refused.Facts["actual"]));
        }
        Assert.Empty(host.Encoder.Encodes);
    }

    [Fact]
    public async Task AnEncoderThatWasReplacedAfterItsDescription_IsNotedByItsAnswer()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        host.Encoder.ClaimedSpace = "s1-ffffffffffffffffffffffffffffffff";
        RpcException refused = await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("cats")), Wire.ErrorReason.EncoderMismatch);
        Assert.Equal(host.Encoder.ClaimedSpace, refused.Facts["actual"]);
    }

    [Fact]
    public async Task TheSameQueryAgain_IsNotEncodedAgain_ButAnotherTaskOrPolicyIs()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        int before = host.Encoder.Encodes.Count;
        Wire.SearchReply first = await host.SearchAsync(TextHost.Query("happy cats"));
        Wire.SearchReply second = await host.SearchAsync(TextHost.Query("happy cats"));
        Assert.Equal(first.Hits, second.Hits);
        Assert.Equal(before + 1, host.Encoder.Encodes.Count);
        Wire.SearchRequest task = TextHost.Query("happy cats");
        task.Query.Text.Task = "questions";
        await host.SearchAsync(task);
        Wire.SearchRequest head = TextHost.Query("happy cats");
        head.Query.Text.Truncation = Wire.Truncation.Head;
        await host.SearchAsync(head);
        Assert.Equal(["", "questions", ""], host.Encoder.Encodes.Skip(before).Select(static call => call.Options.Task));
    }

    [Fact]
    public async Task ALongQuery_IsRefusedUnlessACutWasAskedFor_AndACutIsReported()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        string text = string.Join(' ', Enumerable.Range(0, 60).Select(static i => $"w{i}"));
        RpcException refused = await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query(text)), Wire.ErrorReason.TextTooLong, "query.text.text");
        Assert.Equal("60", refused.Facts["tokens"]);
        Wire.SearchRequest cut = TextHost.Query(text);
        cut.Query.Text.Truncation = Wire.Truncation.Head;
        Wire.SearchReply reply = await host.SearchAsync(cut);
        Assert.Equal((60u, 50u, true), (reply.TextUse.TokensIn, reply.TextUse.TokensUsed, reply.TextUse.Truncated));
        Assert.Contains(reply.Header.Warnings, static warning => warning is { Kind: Wire.WarningKind.TextTruncated, Field: "query.text.text" });
    }

    [Fact]
    public async Task TextsThatAreNone_AreRefusedWithoutAnEncoder()
    {
        await using TextHost host = await TextHost.StartAsync();
        await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("")), Wire.ErrorReason.TextEmpty, "query.text.text");
        await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("a\u0001b")), Wire.ErrorReason.TextEncoding, "query.text.text");
        await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query(new string('x', 40_000))), Wire.ErrorReason.LimitExceeded, "query.text.text");
        Wire.SearchRequest chunks = TextHost.Query("x");
        chunks.Query.Text.Truncation = Wire.Truncation.Chunk;
        await RunningServer.RefusedAsync(() => host.SearchAsync(chunks), Wire.ErrorReason.FieldInvalid, "query.text.truncation");
        Assert.Empty(host.Encoder.Encodes);
    }

    [Fact]
    public async Task InABatch_ATextThatIsTooLongFailsAlone()
    {
        await using TextHost host = await TextHost.StartAsync();
        await host.WriteAsync(Bodies);
        string text = string.Join(' ', Enumerable.Repeat("long", 60));
        Wire.SearchBatchReply reply = await host.BatchAsync(new Wire.SearchBatchRequest
        {
            Header = Api.Header(TextHost.Name),
            Searches = { Bare("cats purr"), Bare(text), Bare("bread"), Bare("") },
        });
        Assert.Equal(1UL, reply.Items[0].Reply.Hits[0].Id.Number);
        Assert.Equal((Wire.ErrorReason.TextTooLong, "query.text.text"), (reply.Items[1].Error.Reason, reply.Items[1].Error.Field));
        Assert.Equal(4UL, reply.Items[2].Reply.Hits[0].Id.Number);
        Assert.Equal(Wire.ErrorReason.TextEmpty, reply.Items[3].Error.Reason);
    }

    [Fact]
    public async Task APrefixOfTheEncodersDimension_IsAskedForAndSearched()
    {
        FakeEncoder encoder = await FakeEncoder.StartAsync();
        await using TextHost host = await TextHost.StartAsync(encoder, TextHost.Config(encoder.Descriptor, dimension: 32));
        await host.WriteAsync(Bodies);
        Assert.Equal(2UL, (await host.SearchAsync(TextHost.Query("dogs bark"))).Hits[0].Id.Number);
        Assert.All(host.Encoder.Encodes, static call => Assert.Equal(32u, call.Options.Dimension));
    }

    [Fact]
    public async Task AVectorBoundToAModelByName_HasThatModelsDescriptor()
    {
        await using TextHost host = await TextHost.StartAsync();
        Wire.CollectionConfig config = TextHost.Config(host.Encoder.Descriptor);
        config.Vectors[0].Space = new Wire.SpaceBinding { Model = FakeEncoder.EncodeModel };
        Wire.CreateCollectionReply made = await host.Api.CreateAsync("named", config);
        Assert.Equal(host.Encoder.Space, Server.Spaces.SpaceId.Of(made.Collection.Config.Vectors[0].Space.Encoder));
        config.Vectors[0].Space = new Wire.SpaceBinding { Model = "nobody" };
        await RunningServer.RefusedAsync(() => host.Api.CreateAsync("other", config), Wire.ErrorReason.ModelUnknown, "config.vectors[0].space.model");
    }

    [Fact]
    public async Task WithoutAnEncoder_TextsAreRefusedAndVectorsSearch()
    {
        await using TextHost host = await TextHost.StartAsync(addresses: []);
        await RunningServer.RefusedAsync(() => host.SearchAsync(TextHost.Query("cats")), Wire.ErrorReason.EncoderNone, "query.text.text");
        Wire.Point point = TextHost.Point(1, "cats");
        point.Vector = Search.SearchHost.Vector(host.Encoder.VectorOf("cats", Wire.Side.Document));
        await host.Api.UpsertAsync(
            TextHost.Name, request => request.Origin = new Wire.VectorOrigin { Space = host.Encoder.Space, Side = Wire.Side.Document }, point);
        Wire.SearchRequest byVector = TextHost.Query("");
        byVector.Query = new Wire.Query
        {
            Vector = Search.SearchHost.Vector(host.Encoder.VectorOf("cats", Wire.Side.Query)),
            Origin = new Wire.VectorOrigin { Space = host.Encoder.Space, Side = Wire.Side.Query },
        };
        Assert.Single((await host.SearchAsync(byVector)).Hits);
    }

    private static Wire.SearchRequest Bare(string text)
    {
        Wire.SearchRequest search = TextHost.Query(text);
        search.Header = null;
        return search;
    }
}
