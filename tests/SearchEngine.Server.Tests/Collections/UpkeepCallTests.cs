using Xunit;

namespace SearchEngine.Server.Tests.Collections;

/// <summary>Compact and Scrub.</summary>
public sealed class UpkeepCallTests
{
    [Fact]
    public async Task Compact_leaves_one_segment_without_what_was_deleted_and_every_other_point()
    {
        // So few that upkeep leaves them alone: with half of the points deleted it was sometimes faster than the call.
        await using RunningServer server = await StartAsync(6_000, static i => i % 8 == 0 ? "dogs" : "cats");
        await server.Api.PointsAsync<Wire.DeleteRequest, Wire.DeleteReply>("Delete", new Wire.DeleteRequest
        {
            Header = Api.Header("docs"),
            Points = new Wire.PointSelector { Filter = Api.Topic("dogs") },
        });

        List<Wire.CompactFrame> frames = await server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>(
            "Compact", new Wire.CompactRequest { Header = Api.Header("docs") });

        Assert.All(frames.SkipLast(1), static f => Assert.NotNull(f.Progress));
        Wire.Progress end = frames[^2].Progress;
        Assert.True(end.Done == end.Total && end.Total > 0, $"{end.Done} of {end.Total} rows were merged");
        Wire.CompactReport report = frames[^1].Report;
        Assert.Equal(1u, report.Segments);
        Assert.Equal(750ul, report.DroppedRows);
        Assert.Equal(5_250ul, await server.Api.CountAsync("docs"));
        Assert.Equal(0ul, await server.Api.CountAsync("docs", Api.Topic("dogs")));
        Assert.Equal("cats", (await server.Api.GetAsync("docs", 2))!.Attributes["topic"].KeywordValue);
        await RunningServer.RefusedAsync(
            () => server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new Wire.CompactRequest { Header = Api.Header("docs"), Segments = 7 }),
            Wire.ErrorReason.LimitExceeded, "segments");
    }

    [Fact]
    public async Task BuildIndex_leaves_one_graph_of_every_point_and_says_what_it_finds()
    {
        await using RunningServer server = await StartAsync(6_000, static _ => "cats");
        List<Wire.BuildIndexFrame> frames = await server.Api.CollectionStreamAsync<Wire.BuildIndexRequest, Wire.BuildIndexFrame>(
            "BuildIndex", new Wire.BuildIndexRequest { Header = Api.Header("docs") });

        Assert.All(frames.SkipLast(1), static f => Assert.NotNull(f.Progress));
        Wire.BuildIndexReport report = frames[^1].Report;
        Assert.Equal(6_000ul, report.Points);
        Assert.True(report.IndexBytes > 0, "an index without links and codes");
        Assert.InRange(report.RecallBefore, 0.5f, 1f);
        Assert.InRange(report.RecallNow, 0.5f, 1f);
        Wire.CollectionDescription described = await server.Api.DescribeAsync("docs");
        // Beside the one there is the segment that takes writes.
        Assert.InRange(described.Segments, 1u, 2u);
        Assert.Equal((0ul, 0), (described.UnindexedPoints, described.Operations.Count));

        Assert.Equal(report.IndexBytes, (ulong)described.Bytes.Where(static b => b.Component is Wire.StorageComponent.Links or Wire.StorageComponent.Codes).Sum(static b => (long)b.DiskBytes));
        Assert.Contains(described.Bytes, static b => b.Component == Wire.StorageComponent.Truth && b.DiskBytes > 0);

        await RefusedAsync(new Wire.BuildIndexRequest { WalkCode = Wire.WalkCode.Int8 }, Wire.ErrorReason.FieldNotServed, "walk_code");
        await RefusedAsync(new Wire.BuildIndexRequest { VectorName = "other" }, Wire.ErrorReason.VectorUnknown, "vector_name");
        await server.Api.CollectionsAsync<Wire.UpdateCollectionRequest, Wire.UpdateCollectionReply>("Update", new Wire.UpdateCollectionRequest
        {
            Header = Api.Header("docs"),
            Settings = new Wire.CollectionSettings { AccessMode = Wire.AccessMode.ReadOnly },
        });
        await RefusedAsync(new Wire.BuildIndexRequest(), Wire.ErrorReason.ReadOnly, "header.collection");

        Task RefusedAsync(Wire.BuildIndexRequest request, Wire.ErrorReason reason, string field)
        {
            request.Header = Api.Header("docs");
            return RunningServer.RefusedAsync(
                () => server.Api.CollectionStreamAsync<Wire.BuildIndexRequest, Wire.BuildIndexFrame>("BuildIndex", request), reason, field);
        }
    }

    [Fact]
    public async Task Scrub_reads_everything_and_names_the_file_that_is_damaged()
    {
        await using RunningServer server = await StartAsync(5_000, static _ => "cats");
        await server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new Wire.CompactRequest { Header = Api.Header("docs") });
        List<Wire.ScrubFrame> clean = await ScrubAsync(server);
        Wire.ScrubReport sound = clean[^1].Report;
        Assert.True(sound is { DamagedBlocks: 0, Blocks: > 3, Bytes: > 100_000 }, $"what a scrub of sound files says: {sound}");
        Assert.Equal((sound.Bytes, sound.Bytes), (clean[^2].Progress.Done, clean[^2].Progress.Total));
        await PacedAsync(server, sound.Bytes);

        // The bytes of a text, which no search and no description looks at.
        string bodies = Directory.EnumerateFiles(server.DataDirectory, "*bod*", SearchOption.AllDirectories).MaxBy(static f => new FileInfo(f).Length)!;
        await using (FileStream file = File.Open(bodies, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = file.Length / 2;
            int was = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(was ^ 0xFF));
        }

        List<Wire.ScrubFrame> damaged = await ScrubAsync(server);

        Wire.QuarantineEntry found = Assert.Single(damaged, static f => f.Damage is not null).Damage;
        Assert.Contains(Path.GetFileName(bodies), $"{found.File} {found.Damage}", StringComparison.Ordinal);
        Assert.Equal(1ul, damaged[^1].Report.DamagedBlocks);
    }

    // At a slow pace the files take at least this long, by the server's own clock; a faster machine makes no difference.
    private static async Task PacedAsync(RunningServer server, ulong bytes)
    {
        const ulong Pace = 600_000_000, Slowest = 3_600_000_000;
        List<Wire.ScrubFrame> paced = await ScrubAsync(server, Pace);
        ulong least = bytes * Pace / (1 << 30);
        Assert.True(paced[^2].Progress.ElapsedMicros >= least, $"{bytes} bytes were read in {paced[^2].Progress.ElapsedMicros} us, the pace allows {least}");
        Assert.Equal(bytes, paced[^1].Report.Bytes);
        await RunningServer.RefusedAsync(() => ScrubAsync(server, Slowest + 1), Wire.ErrorReason.LimitExceeded, "micros_per_gib");
    }

    private static Task<List<Wire.ScrubFrame>> ScrubAsync(RunningServer server, ulong microsPerGib = 0) => server.Api.CollectionStreamAsync<Wire.ScrubRequest, Wire.ScrubFrame>(
        "Scrub", new Wire.ScrubRequest { Header = Api.Header("docs"), MicrosPerGib = microsPerGib });

    private static async Task<RunningServer> StartAsync(int points, Func<int, string> topicOf)
    {
        RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        foreach (int[] some in Enumerable.Range(1, points).Chunk(1_000))
        {
            await server.Api.UpsertAsync("docs", [.. some.Select(i => Api.Point((ulong)i, topicOf(i)))]);
        }
        return server;
    }
}
