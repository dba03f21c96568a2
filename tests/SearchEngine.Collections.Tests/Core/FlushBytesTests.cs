using SearchEngine.Collections.Core;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>Memory holds the live segment: however much is written at once, it ends with the batch that reaches the bytes it is flushed at.</summary>
public sealed class FlushBytesTests
{
    private const string Name = "large";
    private const int Documents = 24, PerSegment = 3, DocumentBytes = 700_000;
    private const long FlushBytes = 2 << 20;

    [Fact]
    public async Task Batches_of_one_group_that_fill_a_live_segment_go_to_the_next_one()
    {
        // While the first is synced the others gather: they are one group.
        Manifest manifest = await WriteAsync(collection => Task.WhenAll(Enumerable.Range(0, Documents).Select(i => PutAsync(collection, i, AckLevel.Logged))));
        Assert.All(manifest.Segments, static s => Assert.True(
            s.Rows <= PerSegment, $"a live segment took {s.Rows} documents of {DocumentBytes} bytes, it is flushed at {FlushBytes} bytes"));
    }

    // A writer that counted the closed segment's part of the log waited for its flush, and then closed the next one with a document in it.
    // Of writes acknowledged in memory the log has one group, which is synced when the segment is closed.
    [Theory]
    [InlineData(AckLevel.Logged)]
    [InlineData(AckLevel.Memory)]
    public async Task A_live_segment_is_not_closed_for_what_the_one_before_has_of_the_log(AckLevel level)
    {
        Manifest manifest = await WriteAsync(async collection =>
        {
            for (int i = 0; i < Documents; i++)
            {
                await PutAsync(collection, i, level);
            }
        });
        Assert.All(manifest.Segments, static s => Assert.True(
            s.Rows == PerSegment, $"a live segment was flushed with {s.Rows} documents of {DocumentBytes} bytes, {PerSegment} make {FlushBytes} bytes"));
    }

    private static async Task<Manifest> WriteAsync(Func<Collection, Task> write)
    {
        using var directory = new TempDirectory();
        var settings = new CollectionSettings
        {
            DiskReserveBytes = 0,
            FlushLogBytes = FlushBytes,
            // No merge makes a larger segment than a flush may.
            Limits = new SegmentLimits { Rows = PerSegment },
        };
        using (CollectionStore store = CollectionStore.Open(directory.Path, _ => settings))
        {
            Collection collection = store.Create(Name, new CollectionSchema { Texts = [new TextSchema { Name = "body" }] });
            await write(collection);
            Assert.Equal(Documents, collection.Count(Filter.All));
            await collection.FlushAsync(TestContext.Current.CancellationToken);
        }
        string root = Path.GetDirectoryName(Directory.GetFiles(directory.Path, StoreLayout.Current, SearchOption.AllDirectories).Single())!;
        Manifest manifest = ManifestFile.Load(root, DiskFileLayer.Instance)!.Manifest;
        Assert.Equal(Documents, manifest.Segments.Sum(static s => s.Rows));
        return manifest;
    }

    private static Task PutAsync(Collection collection, int id, AckLevel level) => collection.WriteAsync(
        [new WriteOperation.Put(new Document { Id = new DocumentId((ulong)id), Texts = new Dictionary<string, string> { ["body"] = new('x', DocumentBytes) } })],
        new WriteOptions(level));
}
