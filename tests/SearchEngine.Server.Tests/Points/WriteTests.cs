using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Server.Tests.Points;

public sealed class WriteTests
{
    [Fact]
    public async Task AWrittenPoint_ComesBackWholeAndIsCounted()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        Wire.Point point = Api.Point(1);
        point.Attributes["tags"] = new Wire.Value
        {
            ListValue = new Wire.ValueList { Values = { new Wire.Value { KeywordValue = "a" }, new Wire.Value { KeywordValue = "b" } } },
        };
        Wire.UpsertReply written = await server.Api.UpsertAsync("docs", point, Api.Point(2, "dogs"));
        Assert.Equal((2u, 1ul, 1ul), (written.Written, written.Versions[0], written.Versions[1]));

        Wire.Point? read = await server.Api.GetAsync("docs", 1);

        Assert.Equal(point.Attributes, read!.Attributes);
        Assert.Equal(point.Texts, read.Texts);
        Assert.Equal(1ul, read.Version);
        float[] values = Server.Contract.VectorMap.Read(read.Vector, "vector");
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(Math.Abs(values[i] - point.Vector.Values[i]) < 0.01, $"Element {i} was {point.Vector.Values[i]} and came back as {values[i]}.");
        }
        Assert.Equal(1ul, await server.Api.CountAsync("docs", Api.Topic("dogs")));
    }

    [Fact]
    public async Task ABatchWithBadPoints_IsRefusedWholeAndNamesEveryOne_OrWritesTheOthers()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        Wire.Point nan = Api.Point(2);
        nan.Vector.Values[1] = float.NaN;
        Wire.Point unknown = Api.Point(3);
        unknown.Attributes["colour"] = new Wire.Value { KeywordValue = "red" };
        Wire.Point[] points = [Api.Point(1), nan, unknown, Api.Point(4)];

        RpcException refused = await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", points), Wire.ErrorReason.VectorNotFinite, "points[1].vector");
        Assert.Equal(["points[1].vector", "points[2].attributes.colour"], refused.FieldViolations.Select(static v => v.Field));
        Assert.Equal(0ul, await server.Api.CountAsync("docs"));

        Wire.UpsertReply reply = await server.Api.UpsertAsync("docs", static r => r.ItemPolicy = Wire.ItemPolicy.SkipItem, points);
        Assert.Equal([1ul, 2ul], reply.Refused.Select(static r => r.Index));
        Assert.Equal(Wire.ErrorReason.AttributeUnknown, reply.Refused[1].Error.Reason);
        Assert.Equal("attributes.colour", reply.Refused[1].Error.Field);
        Assert.Equal(new ulong[] { 1, 0, 0, 1 }, reply.Versions);
        Assert.Equal(2ul, await server.Api.CountAsync("docs"));
    }

    [Fact]
    public async Task Conditions_HoldForEachPoint()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        await server.Api.UpsertAsync("docs", Api.Point(1));

        RpcException exists = await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", static r => r.Mode = Wire.WriteMode.InsertOnly, Api.Point(1)), Wire.ErrorReason.PointExists, "points[0].id");
        Assert.Equal("1", exists.Facts["id"]);
        await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", static r => r.Mode = Wire.WriteMode.UpdateOnly, Api.Point(9)), Wire.ErrorReason.PointUnknown, "points[0].id");
        Wire.Point second = Api.Point(1, "dogs");
        second.Version = 1;
        Wire.UpsertReply replaced = await server.Api.UpsertAsync("docs", static r => r.Mode = Wire.WriteMode.IfVersion, second);
        Assert.Equal(2ul, replaced.Versions[0]);
        RpcException conflict = await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", static r => r.Mode = Wire.WriteMode.IfVersion, second), Wire.ErrorReason.VersionConflict, "points[0].version");
        Assert.Equal(("1", "2"), (conflict.Facts["expected"], conflict.Facts["actual"]));
    }

    [Fact]
    public async Task AttributesAreSetAndRemovedByIdAndFilter_AndPointsDeleted()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        await server.Api.UpsertAsync("docs", [.. Enumerable.Range(1, 20).Select(static i => Api.Point((ulong)i, i % 2 == 0 ? "cats" : "dogs"))]);

        var update = new Wire.UpdateAttributesRequest
        {
            Header = Api.Header("docs"),
            Points = new Wire.PointSelector { Filter = Api.Topic("cats") },
            Attributes = { ["year"] = new Wire.Value { NullValue = 0 }, ["topic"] = new Wire.Value { KeywordValue = "birds" } },
        };
        Assert.Equal(10ul, (await server.Api.PointsAsync<Wire.UpdateAttributesRequest, Wire.UpdateAttributesReply>("UpdateAttributes", update)).Updated);
        Assert.Equal(10ul, await server.Api.CountAsync("docs", Api.Topic("birds")));
        Assert.False((await server.Api.GetAsync("docs", 2))!.Attributes.ContainsKey("year"));

        update.Points = new Wire.PointSelector { Ids = new Wire.IdSet { Numbers = { 1, 99 } } };
        await RunningServer.RefusedAsync(
            () => server.Api.PointsAsync<Wire.UpdateAttributesRequest, Wire.UpdateAttributesReply>("UpdateAttributes", update), Wire.ErrorReason.PointUnknown, "points");
        Assert.Equal("dogs", (await server.Api.GetAsync("docs", 1))!.Attributes["topic"].KeywordValue);

        var delete = new Wire.DeleteRequest { Header = Api.Header("docs"), Points = new Wire.PointSelector { Ids = new Wire.IdSet { Numbers = { 1, 3, 99 } } } };
        Assert.Equal(2ul, (await server.Api.PointsAsync<Wire.DeleteRequest, Wire.DeleteReply>("Delete", delete)).Deleted);
        delete.Points = new Wire.PointSelector { Filter = Api.Topic("birds") };
        Assert.Equal(10ul, (await server.Api.PointsAsync<Wire.DeleteRequest, Wire.DeleteReply>("Delete", delete)).Deleted);
        Assert.Equal(8ul, await server.Api.CountAsync("docs"));
    }

    [Fact]
    public async Task ARepeatedRequestId_IsAnsweredFromMemory_AndRefusedForOtherContent()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Wire.CreateCollectionReply made = await server.Api.CreateAsync("docs", requestId: "make");
        Assert.Equal(made, await server.Api.CreateAsync("docs", requestId: "make"));
        void Insert(Wire.UpsertRequest request)
        {
            request.Header.RequestId = "one";
            request.Mode = Wire.WriteMode.InsertOnly;
        }

        Wire.UpsertReply first = await server.Api.UpsertAsync("docs", Insert, Api.Point(1));
        Wire.UpsertReply second = await server.Api.UpsertAsync("docs", Insert, Api.Point(1));

        Assert.Equal(first, second);
        Assert.Equal(1ul, (await server.Api.GetAsync("docs", 1))!.Version);
        RpcException reused = await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", Insert, Api.Point(2)), Wire.ErrorReason.RequestIdReused, "header.request_id");
        Assert.Equal("one", reused.Facts["request_id"]);
    }

    [Fact]
    public async Task CountsAndLengthsBeyondTheirLimits_AreRefusedByName()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        await RunningServer.RefusedAsync(() => server.Api.UpsertAsync("docs"), Wire.ErrorReason.FieldRequired, "points");
        RpcException many = await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", [.. Enumerable.Range(0, 1001).Select(static i => Api.Point((ulong)i))]), Wire.ErrorReason.LimitExceeded, "points");
        Assert.Equal(("1001", "1000 points"), (many.Facts["actual"], many.Facts["limit"]));
        await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", new Wire.Point { Id = new Wire.Id { Text = new string('x', 257) } }), Wire.ErrorReason.FieldInvalid, "points[0].id");
        await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", static r => r.Header.RequestId = new string('x', 129), Api.Point(1)), Wire.ErrorReason.LimitExceeded, "header.request_id");
        await RunningServer.RefusedAsync(() => server.Api.UpsertAsync("nothing", Api.Point(1)), Wire.ErrorReason.CollectionUnknown, "header.collection");
        await RunningServer.RefusedAsync(
            () => server.Api.UpsertAsync("docs", static r => r.Header.Tenant = "t", Api.Point(1)), Wire.ErrorReason.FieldNotServed, "header.tenant");
    }

    [Fact]
    public async Task ABoundCollection_TakesVectorsOfItsSpaceAndSideAlone_AlsoAfterARestart()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Wire.CollectionConfig config = Api.Config();
        config.Vectors[0].Space = new Wire.SpaceBinding { Declared = "cloud/a@4", Sidedness = Wire.Sidedness.Asymmetric };
        await server.Api.CreateAsync("docs", config);
        for (int round = 0; round < 2; round++)
        {
            await RunningServer.RefusedAsync(() => server.Api.UpsertAsync("docs", Api.Point(1)), Wire.ErrorReason.EncoderMismatch, "origin");
            RpcException foreign = await RunningServer.RefusedAsync(
                () => server.Api.UpsertAsync("docs", r => r.Origin = Origin("cloud/b@4", Wire.Side.Document), Api.Point(1)), Wire.ErrorReason.EncoderMismatch, "origin.space");
            Assert.Equal(("cloud/a@4", "cloud/b@4"), (foreign.Facts["expected"], foreign.Facts["actual"]));
            RpcException side = await RunningServer.RefusedAsync(
                () => server.Api.UpsertAsync("docs", r => r.Origin = Origin("cloud/a@4", Wire.Side.Query), Api.Point(1)), Wire.ErrorReason.SideMismatch, "origin.side");
            Assert.Equal(("DOCUMENT", "QUERY"), (side.Facts["expected"], side.Facts["actual"]));
            await server.Api.UpsertAsync("docs", r => r.Origin = Origin("cloud/a@4", Wire.Side.Document), Api.Point(1));
            await server.RestartAsync();
        }
    }

    private static Wire.VectorOrigin Origin(string space, Wire.Side side) => new() { Space = space, Side = side };
}
