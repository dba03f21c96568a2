using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Tests.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>A scrub may take hours: what a merge replaces meanwhile does not wait for its end.</summary>
public sealed class ScrubDuringMergeTests
{
    private const string Name = "scrubbed";
    private const int Segments = 3, PerSegment = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Files_of_replaced_segments_go_while_a_scrub_reads_another_and_the_last_with_its_turn()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create(Name, TopicVectors.Schema);
        var vectors = new TopicVectors(8);
        for (int part = 0; part < Segments; part++)
        {
            await collection.WriteAsync([.. Enumerable.Range(PerSegment * part, PerSegment).Select(i => new WriteOperation.Put(vectors.Document(i)))]);
            await collection.FlushAsync(TestContext.Current.CancellationToken);
        }
        long bytes = collection.Scrub(TimeSpan.Zero, null, TestContext.Current.CancellationToken).Bytes;
        string[] old = SegmentsOf(directory);
        Assert.Equal(Segments, old.Length);
        var merging = new AtFirst(() =>
        {
            Assert.True(collection.OptimiseAsync(1, null, TestContext.Current.CancellationToken).Wait(Patience), "the merge does not end beside a scrub");
            AssertLeft(1, old, "beside the scrub of one");
        });

        ScrubReport report = collection.Scrub(TimeSpan.Zero, merging, TestContext.Current.CancellationToken);

        Assert.Empty(report.Damage);
        Assert.InRange(report.Bytes, 1, bytes / 2);
        AssertLeft(0, old, "after the scrub");
        Assert.Single(SegmentsOf(directory));
        Assert.Equal((report.Bytes, report.Bytes), (merging.Last!.Done, merging.Last.Total));
        Assert.Empty(collection.Damage);
        Assert.Equal(Segments * PerSegment, collection.Count(Collections.Filters.Filter.All));
    }

    // Threads that link rows hold a view for a moment.
    private static void AssertLeft(int wanted, string[] old, string when) => Assert.True(
        SpinWait.SpinUntil(() => old.Count(Directory.Exists) == wanted, Patience),
        $"{old.Count(Directory.Exists)} of the {old.Length} replaced segments are left {when}, not {wanted}: who holds them?");

    private static string[] SegmentsOf(TempDirectory directory) =>
        Directory.GetDirectories(directory.Path, StoreLayout.SegmentName(1)[..^1] + "*", SearchOption.AllDirectories);

    /// <summary>Does something when the first block was read, on the thread that reads.</summary>
    private sealed class AtFirst(Action act) : IProgress<WorkProgress>
    {
        public WorkProgress? Last { get; private set; }

        public void Report(WorkProgress value)
        {
            bool isFirst = Last is null;
            Last = value;
            if (isFirst)
            {
                act();
            }
        }
    }
}
