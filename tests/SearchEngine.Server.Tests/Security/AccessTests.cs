using System.Net;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Configuration;
using SearchEngine.Server.Security;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Security;

public sealed class AccessTests : IDisposable
{
    private readonly KeyFolder _keys = new();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Server_without_keys_starts_on_loopback_only_unless_told_otherwise()
    {
        using var folder = new TempDirectory();
        var rpc = new RpcServerOptions { Listen = new IPEndPoint(IPAddress.Any, 0), DrainTime = TimeSpan.Zero };
        var options = new SearchServerOptions { DataDirectory = folder.Path };
        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(() => SearchServer.StartAsync(options, rpc));
        Assert.Contains("--keys", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--insecure", refused.Message, StringComparison.Ordinal);
        await using SearchServer open = await SearchServer.StartAsync(options with { Security = new SecurityOptions { AllowOpenAccess = true } }, rpc);
    }

    [Fact]
    public async Task Caller_without_a_key_or_with_a_wrong_one_is_told_so()
    {
        string key = _keys.Add("reader", ["read"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        await RunningServer.RefusedAsync(() => server.Api.CountAsync("docs"), Wire.ErrorReason.Credentials);
        using RpcChannel wrong = server.Connect(key + "x");
        await RunningServer.RefusedAsync(() => new Api(wrong).CountAsync("docs"), Wire.ErrorReason.Credentials);
        using RpcChannel right = server.Connect(key);
        await RunningServer.RefusedAsync(() => new Api(right).CountAsync("docs"), Wire.ErrorReason.CollectionUnknown, "header.collection");
    }

    [Fact]
    public async Task Collections_outside_the_callers_list_do_not_exist_for_it()
    {
        string owner = _keys.Add("owner", ["read", "write", "admin"]), guest = _keys.Add("guest", ["read", "write", "admin"], ["mine", "mine-*"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel ownerChannel = server.Connect(owner), guestChannel = server.Connect(guest);
        Api all = new(ownerChannel), some = new(guestChannel);
        foreach (string name in (string[])["mine", "mine-2", "theirs"])
        {
            await all.CreateAsync(name);
        }
        await SwitchAsync(all, "public", "theirs");
        await SwitchAsync(all, "mine-alias", "theirs");
        var absent = await RunningServer.RefusedAsync(() => some.CountAsync("absent"), Wire.ErrorReason.CollectionUnknown, "header.collection");
        foreach (string hidden in (string[])["theirs", "public", "mine-alias"])
        {
            RpcException refused = await RunningServer.RefusedAsync(() => some.CountAsync(hidden), Wire.ErrorReason.CollectionUnknown, "header.collection");
            Assert.Equal(absent.Message.Replace("absent", hidden, StringComparison.Ordinal), refused.Message);
            await RunningServer.RefusedAsync(
                () => some.CollectionsAsync<Wire.DescribeCollectionRequest, Wire.DescribeCollectionReply>("Describe", new() { Header = Api.Header(hidden) }),
                Wire.ErrorReason.CollectionUnknown, "header.collection");
        }
        Wire.ListCollectionsReply list = await some.CollectionsAsync<Wire.ListCollectionsRequest, Wire.ListCollectionsReply>("List", new());
        Assert.Equal(["mine", "mine-2"], list.Collections.Select(c => c.Name));
        Wire.ListAliasesReply aliases = await some.CollectionsAsync<Wire.ListAliasesRequest, Wire.ListAliasesReply>("ListAliases", new());
        Assert.Empty(aliases.Aliases);
        await RunningServer.RefusedAsync(() => some.CreateAsync("theirs"), Wire.ErrorReason.Permission, "header.collection");
        await RunningServer.RefusedAsync(() => some.CreateAsync("absent"), Wire.ErrorReason.Permission, "header.collection");
        await RunningServer.RefusedAsync(() => SwitchAsync(some, "mine-new", "theirs"), Wire.ErrorReason.CollectionUnknown, "actions[0].collection");
        await RunningServer.RefusedAsync(() => SwitchAsync(some, "public", "mine"), Wire.ErrorReason.Permission, "actions[0].alias");
        await RunningServer.RefusedAsync(() => SwitchAsync(some, "mine-alias", "mine"), Wire.ErrorReason.Permission, "actions[0].alias");
        await SwitchAsync(some, "mine-new", "mine-2");
        Assert.Equal("mine-new", Assert.Single((await some.CollectionsAsync<Wire.ListAliasesRequest, Wire.ListAliasesReply>("ListAliases", new())).Aliases).Name);
        await some.CreateAsync("mine-3");
    }

    [Fact]
    public async Task Snapshots_outside_the_callers_list_are_neither_listed_nor_restored_nor_removed()
    {
        string owner = _keys.Add("owner", ["read", "write", "admin"]), guest = _keys.Add("guest", ["read", "write", "admin"], ["mine"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel ownerChannel = server.Connect(owner), guestChannel = server.Connect(guest);
        Api all = new(ownerChannel), some = new(guestChannel);
        await all.CreateAsync("theirs");
        await all.CollectionStreamAsync<Wire.SnapshotRequest, Wire.SnapshotFrame>("Snapshot", new() { Header = Api.Header("theirs"), Name = "s" });
        Assert.Empty((await some.CollectionsAsync<Wire.ListSnapshotsRequest, Wire.ListSnapshotsReply>("ListSnapshots", new())).Snapshots);
        await RunningServer.RefusedAsync(
            () => some.CollectionsAsync<Wire.DeleteSnapshotRequest, Wire.DeleteSnapshotReply>("DeleteSnapshot", new() { Header = Api.Header("theirs"), Name = "s" }),
            Wire.ErrorReason.SnapshotUnknown, "name");
        var restore = new Wire.RestoreRequest { Header = Api.Header("mine"), Snapshot = new Wire.SnapshotName { Collection = "theirs", Name = "s" } };
        await RunningServer.RefusedAsync(() => some.CollectionStreamAsync<Wire.RestoreRequest, Wire.RestoreFrame>("Restore", restore), Wire.ErrorReason.SnapshotUnknown, "snapshot.name");
        restore = new Wire.RestoreRequest { Header = Api.Header("mine"), Directory = "any" };
        await RunningServer.RefusedAsync(() => some.CollectionStreamAsync<Wire.RestoreRequest, Wire.RestoreFrame>("Restore", restore), Wire.ErrorReason.Permission, "directory");
    }

    private static Task<Wire.SwitchAliasesReply> SwitchAsync(Api api, string alias, string collection) =>
        api.CollectionsAsync<Wire.SwitchAliasesRequest, Wire.SwitchAliasesReply>(
            "SwitchAliases", new() { Actions = { new Wire.AliasAction { Alias = alias, Collection = collection } } });
}
