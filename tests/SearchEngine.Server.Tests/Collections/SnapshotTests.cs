using Google.Protobuf;
using Xunit;

namespace SearchEngine.Server.Tests.Collections;

public sealed class SnapshotTests
{
    [Fact]
    public async Task A_restored_snapshot_has_the_state_it_was_taken_at_and_a_life_of_its_own()
    {
        await using RunningServer server = await StartAsync();
        List<Wire.SnapshotFrame> frames = await FramesAsync(server, "one");
        Wire.SnapshotDescription taken = frames[^1].Report.Snapshot;
        Wire.Progress end = frames[^2].Progress;
        Assert.Equal((taken.DiskBytes, taken.DiskBytes), (end.Done, end.Total));
        Assert.Equal(("one", "docs", 50ul, ""), (taken.Name, taken.Collection, taken.Points, taken.Directory));
        // The same name at the same state is the same snapshot: a client that lost the answer asks again.
        Assert.Equal(taken.ManifestSha256, (await TakeAsync(server, "one")).ManifestSha256);
        await server.Api.UpsertAsync("docs", Api.Point(1, "dogs"), Api.Point(99));
        await RunningServer.RefusedAsync(() => TakeAsync(server, "one"), Wire.ErrorReason.SnapshotExists, "name");

        Wire.RestoreReport report = await RestoreAsync(server, "again", static r => r.Snapshot = Name("one"));

        Assert.Equal(50ul, report.Collection.LivePoints);
        Assert.True(report.VerifiedBytes > 0, "no byte was checked");
        Assert.Equal("cats", (await server.Api.GetAsync("again", 1))!.Attributes["topic"].KeywordValue);
        await server.Api.UpsertAsync("again", Api.Point(100));
        await server.RestartAsync();
        Assert.Equal((51ul, 51ul), (await server.Api.CountAsync("docs"), await server.Api.CountAsync("again")));
        await RunningServer.RefusedAsync(
            () => RestoreAsync(server, "again", static r => r.Snapshot = Name("one")), Wire.ErrorReason.CollectionExists, "header.collection");
    }

    [Fact]
    public async Task Snapshots_are_listed_the_newest_first_outlive_their_collection_and_can_be_deleted()
    {
        await using RunningServer server = await StartAsync();
        foreach (string name in (string[])["one", "two", "three"])
        {
            await TakeAsync(server, name);
            await server.Api.UpsertAsync("docs", Api.Point(1));
        }
        Wire.ListSnapshotsReply first = await ListAsync(server, 2);
        Assert.Equal(["three", "two"], first.Snapshots.Select(static s => s.Name));
        Assert.Equal(["one"], (await ListAsync(server, 2, first.NextPageToken)).Snapshots.Select(static s => s.Name));

        await server.Api.CollectionsAsync<Wire.DeleteSnapshotRequest, Wire.DeleteSnapshotReply>(
            "DeleteSnapshot", new Wire.DeleteSnapshotRequest { Header = Api.Header("docs"), Name = "three" });
        await server.Api.CollectionsAsync<Wire.DeleteCollectionRequest, Wire.DeleteCollectionReply>(
            "Delete", new Wire.DeleteCollectionRequest { Header = Api.Header("docs") });

        Assert.Equal(["two", "one"], (await ListAsync(server, 0)).Snapshots.Select(static s => s.Name));
        await RunningServer.RefusedAsync(
            () => RestoreAsync(server, "again", static r => r.Snapshot = Name("three")), Wire.ErrorReason.SnapshotUnknown, "snapshot.name");
        await RestoreAsync(server, "docs", static r => r.Snapshot = Name("two"));
        Assert.Equal(50ul, await server.Api.CountAsync("docs"));
    }

    [Fact]
    public async Task A_backup_is_restored_from_its_directory_and_a_damaged_one_makes_no_collection()
    {
        await using RunningServer server = await StartAsync();
        Wire.SnapshotDescription copied = await TakeAsync(server, "", "nightly/docs");
        Assert.Equal("nightly/docs", copied.Directory);
        await RestoreAsync(server, "copy", r =>
        {
            r.Directory = "nightly/docs";
            r.ManifestSha256 = copied.ManifestSha256;
        });
        Assert.Equal(50ul, await server.Api.CountAsync("copy"));
        await RunningServer.RefusedAsync(
            () => RestoreAsync(server, "other", static r =>
            {
                r.Directory = "nightly/docs";
                r.ManifestSha256 = ByteString.CopyFrom(new byte[32]);
            }),
            Wire.ErrorReason.Checksum, "manifest_sha256");

        string largest = new DirectoryInfo(Path.Combine(server.BackupDirectory, "nightly", "docs")).EnumerateFiles("*", SearchOption.AllDirectories)
            .MaxBy(static f => f.Length)!.FullName;
        byte[] bytes = await File.ReadAllBytesAsync(largest, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(largest, bytes, TestContext.Current.CancellationToken);

        Rpc.RpcException damaged = await Assert.ThrowsAsync<Rpc.RpcException>(() => RestoreAsync(server, "other", static r => r.Directory = "nightly/docs"));
        Assert.Equal((Rpc.StatusCode.DataLoss, "CHECKSUM"), (damaged.Code, damaged.Reason));
        await RunningServer.RefusedAsync(() => server.Api.CountAsync("other"), Wire.ErrorReason.CollectionUnknown, "header.collection");
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/..")]
    public async Task A_directory_outside_of_the_backups_is_refused(string directory)
    {
        await using RunningServer server = await StartAsync();
        await RunningServer.RefusedAsync(() => TakeAsync(server, "", directory), Wire.ErrorReason.FieldInvalid, "directory");
        await RunningServer.RefusedAsync(() => RestoreAsync(server, "x", r => r.Directory = directory), Wire.ErrorReason.FieldInvalid, "directory");
    }

    private static async Task<RunningServer> StartAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        await server.Api.UpsertAsync("docs", [.. Enumerable.Range(1, 50).Select(static i => Api.Point((ulong)i))]);
        return server;
    }

    private static Wire.SnapshotName Name(string name) => new() { Collection = "docs", Name = name };

    private static async Task<Wire.SnapshotDescription> TakeAsync(RunningServer server, string name, string directory = "") =>
        (await FramesAsync(server, name, directory))[^1].Report.Snapshot;

    private static Task<List<Wire.SnapshotFrame>> FramesAsync(RunningServer server, string name, string directory = "") =>
        server.Api.CollectionStreamAsync<Wire.SnapshotRequest, Wire.SnapshotFrame>(
            "Snapshot", new Wire.SnapshotRequest { Header = Api.Header("docs"), Name = name, Directory = directory });

    private static async Task<Wire.RestoreReport> RestoreAsync(RunningServer server, string name, Action<Wire.RestoreRequest> from)
    {
        var request = new Wire.RestoreRequest { Header = Api.Header(name) };
        from(request);
        return (await server.Api.CollectionStreamAsync<Wire.RestoreRequest, Wire.RestoreFrame>("Restore", request))[^1].Report;
    }

    private static Task<Wire.ListSnapshotsReply> ListAsync(RunningServer server, uint size, string token = "") =>
        server.Api.CollectionsAsync<Wire.ListSnapshotsRequest, Wire.ListSnapshotsReply>(
            "ListSnapshots", new Wire.ListSnapshotsRequest { PageSize = size, PageToken = token });
}
