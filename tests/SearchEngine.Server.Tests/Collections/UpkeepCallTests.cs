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
    public async Task Scrub_reads_everything_and_names_the_file_that_is_damaged()
    {
        await using RunningServer server = await StartAsync(5_000, static _ => "cats");
        await server.Api.CollectionStreamAsync<Wire.CompactRequest, Wire.CompactFrame>("Compact", new Wire.CompactRequest { Header = Api.Header("docs") });
        List<Wire.ScrubFrame> clean = await ScrubAsync(server);
        Assert.Equal((0ul, true), (clean[^1].Report.DamagedBlocks, clean[^1].Report.Bytes > 0));

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

    private static Task<List<Wire.ScrubFrame>> ScrubAsync(RunningServer server) =>
        server.Api.CollectionStreamAsync<Wire.ScrubRequest, Wire.ScrubFrame>("Scrub", new Wire.ScrubRequest { Header = Api.Header("docs") });

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
