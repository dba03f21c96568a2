using SearchEngine.Server.Operations;
using Xunit;

namespace SearchEngine.Server.Tests.Collections;

public sealed class CollectionsServiceTests
{
    [Fact]
    public async Task A_description_tells_the_configuration_with_its_defaults_and_what_is_there()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        await server.Api.UpsertAsync("docs", [.. Enumerable.Range(1, 30).Select(static i => Api.Point((ulong)i))]);
        await SwitchAsync(server, ("live", "docs", ""));

        Wire.CollectionDescription described = await DescribeAsync(server, "live");

        Assert.Equal(("docs", 1ul, 30ul, 30ul), (described.Name, described.ConfigVersion, described.LivePoints, described.UnindexedPoints));
        Assert.Equal(["live"], described.Aliases);
        Assert.Equal(Wire.CollectionState.Ready, described.State);
        Assert.Equal((Wire.Metric.Cosine, Wire.ElementType.Float16), (described.Config.Vectors[0].Metric, described.Config.Vectors[0].StoredType));
        Assert.Equal(Wire.Presence.Required, described.Config.Vectors[0].Presence);
        Assert.Equal(Wire.AckLevel.Logged, described.Config.Settings.AckLevel);
        Wire.TextSchema text = described.Config.Texts[0];
        Assert.Equal((Wire.TextIndex.Bm25, "standard", 1.2f, 0.75f), (text.Index, text.Analyzer, text.Saturation, text.LengthWeight));
        Assert.True(described.LogTailBytes > 0 && described.SnapshotVersion >= 1, $"{described.LogTailBytes} bytes of log, version {described.SnapshotVersion}");
        Assert.Contains(described.Bytes, static b => b.Component == Wire.StorageComponent.Live);
    }

    [Fact]
    public async Task Text_fields_are_indexed_as_declared_also_after_a_restart_and_what_is_impossible_is_refused_by_name()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Wire.CollectionConfig config = Api.Config();
        config.Texts.Clear();
        config.Texts.Add(new Wire.TextSchema { Name = "title", Analyzer = "standard", Saturation = 0, LengthWeight = 0.5f });
        config.Texts.Add(new Wire.TextSchema { Name = "body", Index = Wire.TextIndex.None });
        await server.Api.CreateAsync("docs", config);
        await server.RestartAsync();
        Google.Protobuf.Collections.RepeatedField<Wire.TextSchema> texts = (await DescribeAsync(server, "docs")).Config.Texts;
        Assert.Equal((Wire.TextIndex.Bm25, "standard", 0f, 0.5f), (texts[0].Index, texts[0].Analyzer, texts[0].Saturation, texts[0].LengthWeight));
        Assert.Equal(new Wire.TextSchema { Name = "body", Index = Wire.TextIndex.None }, texts[1]);

        (Wire.TextSchema Declared, string Field)[] wrong =
        [
            (new Wire.TextSchema { Name = "x", Analyzer = "german" }, "analyzer"),
            (new Wire.TextSchema { Name = "x", Saturation = 10.5f }, "saturation"),
            (new Wire.TextSchema { Name = "x", LengthWeight = float.NaN }, "length_weight"),
            (new Wire.TextSchema { Name = "x", Index = (Wire.TextIndex)7 }, "index"),
            (new Wire.TextSchema { Name = "x", Index = Wire.TextIndex.None, Saturation = 1 }, "saturation"),
        ];
        foreach ((Wire.TextSchema declared, string field) in wrong)
        {
            config.Texts[0] = declared;
            await RunningServer.RefusedAsync(() => server.Api.CreateAsync("others", config), Wire.ErrorReason.FieldInvalid, $"config.texts[0].{field}");
        }
    }

    [Fact]
    public async Task Pages_of_the_list_hold_every_name_once_whatever_is_made_or_deleted_meanwhile()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        foreach (string name in (string[])["b-2", "a-1", "b-1", "b-4", "c", "b-3"])
        {
            await server.Api.CreateAsync(name);
        }
        Wire.ListCollectionsReply first = await ListAsync(server, "b-", 2);
        await server.Api.CreateAsync("b-0");
        await DeleteAsync(server, "b-3");
        Wire.ListCollectionsReply second = await ListAsync(server, "b-", 2, first.NextPageToken);

        Assert.Equal(["b-1", "b-2"], first.Collections.Select(static c => c.Name));
        Assert.Equal(["b-4"], second.Collections.Select(static c => c.Name));
        Assert.Equal("", second.NextPageToken);
        await RunningServer.RefusedAsync(() => ListAsync(server, "", 2, "???"), Wire.ErrorReason.FieldInvalid, "page_token");
        await RunningServer.RefusedAsync(() => ListAsync(server, "", 1_001), Wire.ErrorReason.LimitExceeded, "page_size");
    }

    [Fact]
    public async Task Settings_change_while_it_serves_stay_where_they_are_unset_and_outlive_a_restart()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        var still = new Wire.UpdateCollectionRequest
        {
            Header = Api.Header("docs"),
            Settings = new Wire.CollectionSettings { AccessMode = Wire.AccessMode.ReadOnly, Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() } },
            AddAttributes = { new Wire.AttributeSchema { Name = "price", Type = Wire.AttributeType.Float } },
            ExpectedConfigVersion = 1,
        };
        Wire.CollectionDescription changed = await UpdateAsync(server, still);
        Assert.Equal((2ul, Wire.CollectionState.ReadOnly), (changed.ConfigVersion, changed.State));
        Assert.Contains(changed.Config.Attributes, static a => a is { Name: "price", Type: Wire.AttributeType.Float });
        await server.RestartAsync();

        await RunningServer.RefusedAsync(() => server.Api.UpsertAsync("docs", Api.Point(1)), Wire.ErrorReason.ReadOnly, "header.collection");
        await RunningServer.RefusedAsync(() => UpdateAsync(server, still), Wire.ErrorReason.VersionConflict, "expected_config_version");
        Wire.CollectionDescription open = await UpdateAsync(server, new Wire.UpdateCollectionRequest
        {
            Header = Api.Header("docs"),
            Settings = new Wire.CollectionSettings { AccessMode = Wire.AccessMode.ReadWrite },
        });
        Assert.Equal((3ul, Wire.Accuracy.KindOneofCase.Exact), (open.ConfigVersion, open.Config.Settings.Accuracy.KindCase));
        Wire.Point priced = Api.Point(1);
        priced.Attributes["price"] = new Wire.Value { FloatValue = 9.5 };
        await server.Api.UpsertAsync("docs", priced);
        Assert.Equal(9.5, (await server.Api.GetAsync("docs", 1))!.Attributes["price"].FloatValue);
    }

    [Fact]
    public async Task A_deleted_collection_is_gone_with_its_points_and_its_name_is_free()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        await server.Api.UpsertAsync("docs", Api.Point(1), Api.Point(2));
        await SwitchAsync(server, ("live", "docs", ""));
        await RunningServer.RefusedAsync(() => DeleteAsync(server, "docs"), Wire.ErrorReason.AliasConflict, "aliases");

        Wire.DeleteCollectionReply deleted = await DeleteAsync(server, "docs", Wire.AliasPolicy.Remove);

        Assert.Equal(2ul, deleted.Points);
        await RunningServer.RefusedAsync(() => server.Api.CountAsync("docs"), Wire.ErrorReason.CollectionUnknown, "header.collection");
        await RunningServer.RefusedAsync(() => server.Api.CountAsync("live"), Wire.ErrorReason.CollectionUnknown, "header.collection");
        await server.Api.CreateAsync("docs");
        Assert.Equal(0ul, await server.Api.CountAsync("docs"));
    }

    [Fact]
    public async Task Aliases_move_all_or_none_and_know_the_way_back()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("old");
        await server.Api.CreateAsync("new");
        await SwitchAsync(server, ("live", "old", ""), ("test", "new", ""));

        await RunningServer.RefusedAsync(
            () => SwitchAsync(server, ("live", "new", ""), ("test", "old", "old")), Wire.ErrorReason.AliasConflict, "actions[1].expected_collection");
        Assert.Equal([("live", "old"), ("test", "new")], await AliasesAsync(server));
        await SwitchAsync(server, ("live", "new", "old"), ("test", "", ""));
        Assert.Equal([("live", "new")], await AliasesAsync(server));
        var list = new Wire.ListAliasesRequest { Header = Api.Header("new") };
        Wire.Alias live = Assert.Single((await server.Api.CollectionsAsync<Wire.ListAliasesRequest, Wire.ListAliasesReply>("ListAliases", list)).Aliases);
        Assert.Equal("old", live.PreviousCollection);
        await RunningServer.RefusedAsync(() => SwitchAsync(server, ("old", "new", "")), Wire.ErrorReason.AliasConflict, "actions[0].alias");
        await RunningServer.RefusedAsync(() => SwitchAsync(server, ("x", "new", ""), ("x", "old", "")), Wire.ErrorReason.FieldInvalid, "actions[1].alias");
        await server.RestartAsync();
        Assert.Equal([("live", "new")], await AliasesAsync(server));
    }

    private static async Task<Wire.CollectionDescription> DescribeAsync(RunningServer server, string name) =>
        (await server.Api.CollectionsAsync<Wire.DescribeCollectionRequest, Wire.DescribeCollectionReply>(
            "Describe", new Wire.DescribeCollectionRequest { Header = Api.Header(name) })).Collection;

    private static Task<Wire.ListCollectionsReply> ListAsync(RunningServer server, string prefix, uint size, string token = "") =>
        server.Api.CollectionsAsync<Wire.ListCollectionsRequest, Wire.ListCollectionsReply>(
            "List", new Wire.ListCollectionsRequest { Prefix = prefix, PageSize = size, PageToken = token });

    private static async Task<Wire.CollectionDescription> UpdateAsync(RunningServer server, Wire.UpdateCollectionRequest request) =>
        (await server.Api.CollectionsAsync<Wire.UpdateCollectionRequest, Wire.UpdateCollectionReply>("Update", request)).Collection;

    [Fact]
    public async Task Deleted_collection_keeps_the_server_from_being_ready_no_longer()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        server.Server.Readiness.Wait(SelfTest.PartOf("docs"), "A search does not find what is stored.");
        await DeleteAsync(server, "docs");
        Assert.Empty(server.Server.Readiness.Reasons);
    }

    private static Task<Wire.DeleteCollectionReply> DeleteAsync(RunningServer server, string name, Wire.AliasPolicy aliases = default) =>
        server.Api.CollectionsAsync<Wire.DeleteCollectionRequest, Wire.DeleteCollectionReply>(
            "Delete", new Wire.DeleteCollectionRequest { Header = Api.Header(name), Aliases = aliases });

    private static Task SwitchAsync(RunningServer server, params (string Alias, string Collection, string Expected)[] actions)
    {
        var request = new Wire.SwitchAliasesRequest();
        request.Actions.Add(actions.Select(static a => new Wire.AliasAction { Alias = a.Alias, Collection = a.Collection, ExpectedCollection = a.Expected }));
        return server.Api.CollectionsAsync<Wire.SwitchAliasesRequest, Wire.SwitchAliasesReply>("SwitchAliases", request);
    }

    private static async Task<IEnumerable<(string, string)>> AliasesAsync(RunningServer server) =>
        (await server.Api.CollectionsAsync<Wire.ListAliasesRequest, Wire.ListAliasesReply>("ListAliases", new Wire.ListAliasesRequest()))
            .Aliases.Select(static a => (a.Name, a.Collection));
}
