using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>A merge that the end of a process cut short is gone on with after the next start; what it kept harms nobody.</summary>
public sealed class MergeResumeTests : IDisposable
{
    private const int Dimension = 24, Rows = 1_500, Parts = 3, Limit = 300_000;

    private readonly TempDirectory _directory = new();

    private static CollectionSchema Schema { get; } = new()
    {
        Vectors = [new VectorSchema { Dimension = Dimension }, new VectorSchema { Name = "second", Dimension = Dimension }],
        Attributes = [new AttributeSchema { Name = "number", Type = AttributeType.Integer }],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string[] Kept
    {
        get
        {
            try
            {
                return [.. Directory.GetDirectories(_directory.Path, "merging", SearchOption.AllDirectories)
                    .SelectMany(static d => Directory.GetDirectories(d, "0*", SearchOption.AllDirectories))];
            }
            catch (DirectoryNotFoundException)
            {
                // Replaced or removed while it was listed.
                return [];
            }
        }
    }

    public void Dispose() => _directory.Dispose();

    [Fact(Timeout = Limit)]
    public async Task A_merge_that_was_cut_short_is_gone_on_with_after_a_restart()
    {
        await CutShortAsync();
        using (CollectionStore store = Open(TimeSpan.FromHours(1)))
        {
            Collection collection = store.Get("docs");
            // Nobody asks for it: three segments may stand.
            await Until(() => collection.Describe().Segments == 2, "the merge was not gone on with");
            Assert.Equal(1, collection.Describe().ResumedMerges);
            Assert.Empty(collection.Describe().UnknownFiles);
            AssertWhole(collection);
        }
        Assert.Empty(Kept);
    }

    [Fact(Timeout = Limit)]
    public async Task What_was_kept_and_is_damaged_is_of_no_use_and_goes_with_the_next_merge()
    {
        await CutShortAsync();
        foreach (string file in Directory.GetFiles(Kept[0]))
        {
            await File.WriteAllTextAsync(file, "no graph", Cancel);
        }
        using (CollectionStore store = Open(TimeSpan.FromHours(1)))
        {
            Collection collection = store.Get("docs");
            await collection.WriteAsync([new WriteOperation.Delete(7), Put(7)], default, Cancel);
            await collection.OptimiseAsync(cancel: Cancel);
            Assert.Equal((2, 0), (collection.Describe().Segments, collection.Describe().ResumedMerges));
            AssertWhole(collection);
        }
        Assert.Empty(Kept);
    }

    [Fact(Timeout = Limit)]
    public async Task A_restored_backup_knows_nothing_of_it()
    {
        await CutShortAsync();
        string backup = _directory.File("backup");
        using CollectionStore store = Open(TimeSpan.FromHours(1));
        await store.BackupAsync("docs", backup, Cancel);
        Assert.Empty(Directory.GetDirectories(backup, "merging", SearchOption.AllDirectories));
        AssertWhole(store.Restore("again", backup, null, null, Cancel));
    }

    // What is kept so often takes long enough to be cut short.
    private async Task CutShortAsync()
    {
        using CollectionStore store = Open(TimeSpan.FromMilliseconds(20));
        Collection collection = store.Create("docs", Schema);
        for (int part = 0; part < Parts; part++)
        {
            await collection.WriteAsync([.. Enumerable.Range(part * Rows, Rows).Select(Put)], default, Cancel);
            await collection.FlushAsync(Cancel);
        }
        Task merging = collection.OptimiseAsync(cancel: Cancel);
        await Until(() => merging.IsCompleted || Kept.Any(static k => !k.EndsWith(".tmp", StringComparison.Ordinal)), "nothing was kept");
        store.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => merging);
        Assert.Single(Kept);
    }

    private CollectionStore Open(TimeSpan every) =>
        CollectionStore.Open(_directory.Path, _ => new CollectionSettings { DiskReserveBytes = 0, MergeProgress = every });

    private static void AssertWhole(Collection collection)
    {
        Assert.Equal(Parts * Rows, collection.Count(Filter.All));
        foreach (int number in new[] { 0, 7, Rows, (2 * Rows) + 11, (Parts * Rows) - 1 })
        {
            foreach (string vector in new[] { VectorSchema.DefaultName, "second" })
            {
                SearchResult found = collection.Search(new SearchRequest { Query = VectorOf(number), VectorName = vector, Count = 1 });
                Assert.Equal((ulong)number, found.Hits[0].Id.Number);
            }
        }
    }

    private static WriteOperation Put(int number) => new WriteOperation.Put(new Document
    {
        Id = (ulong)number,
        Vectors = new Dictionary<string, ReadOnlyMemory<float>> { [VectorSchema.DefaultName] = VectorOf(number), ["second"] = VectorOf(number) },
        Attributes = new Dictionary<string, AttributeValue> { ["number"] = AttributeValue.OfInteger(number) },
    });

    private static float[] VectorOf(int number)
    {
        var random = new Random(number);
        return [.. Enumerable.Range(0, Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static async Task Until(Func<bool> holds, string otherwise)
    {
        for (var began = System.Diagnostics.Stopwatch.StartNew(); !holds(); await Task.Delay(5))
        {
            Assert.True(began.Elapsed < TimeSpan.FromSeconds(120), otherwise);
        }
    }
}
