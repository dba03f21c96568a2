using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Tests.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>
/// What a collection knows of flipped bits in its segments. Heads and tables of files are checked when it is opened; data are not, for a
/// start must not read them all: a scrub finds their damage, and until then answers may be wrong, but nothing falls over.
/// </summary>
public sealed class SegmentDamageServedTests : IAsyncLifetime
{
    private const int Rows = 1500;
    private const int HeadBytes = 64;

    private readonly TempDirectory _directory = new();
    private readonly TopicVectors _vectors = new(51);

    public async ValueTask InitializeAsync()
    {
        using CollectionStore store = Open();
        Collection collection = store.Create("c", TopicVectors.Schema);
        await collection.WriteAsync([.. Enumerable.Range(0, Rows).Select(i => new WriteOperation.Put(_vectors.Document(i)))]);
        await collection.FlushAsync();
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void A_flipped_bit_in_the_head_of_any_file_sets_the_segment_aside_at_opening()
    {
        var random = new Random(1);
        foreach (string file in Files())
        {
            long at = random.Next(HeadBytes);
            using TempDirectory copy = CopyWithFlip(file, at, random.Next(8));
            using CollectionStore store = CollectionStore.Open(copy.Path, static _ => StoreSample.Settings);
            Collection collection = store.Get("c");
            Assert.True(collection.Damage.Count > 0, $"{file} flipped at {at}: opening says nothing");
            Assert.Equal(0, collection.DocumentCount);
        }
    }

    [Fact]
    public void A_flipped_bit_in_data_is_found_by_a_scrub_and_no_read_fails_but_by_a_typed_error()
    {
        var random = new Random(2);
        int silent = 0;
        foreach (string file in Files())
        {
            for (int i = 0; i < 3; i++)
            {
                long at = DataAt(file, random);
                string when = $"{file} flipped at {at}";
                using TempDirectory copy = CopyWithFlip(file, at, random.Next(8));
                using CollectionStore store = CollectionStore.Open(copy.Path, static _ => StoreSample.Settings);
                Collection collection = store.Get("c");
                silent += collection.Damage.Count == 0 ? 1 : 0;
                ReadEverything(collection, random);
                IReadOnlyList<Quarantined> found = collection.Scrub(TestContext.Current.CancellationToken);
                Assert.True(found.Count + collection.Damage.Count > 0, $"{when}: neither opening nor the scrub says so");
                Assert.NotEmpty(collection.Damage);
            }
        }
        Assert.True(silent > 0, "every flip was found at opening, so none was in the data");
    }

    // The read of all its rows, for the merge, would fail each time.
    [Fact]
    public async Task A_damaged_segment_stays_beside_the_one_that_the_others_are_optimised_to()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string file = Files().First(static f => new FileInfo(f).Name.StartsWith("truth", StringComparison.Ordinal));
        using TempDirectory copy = CopyWithFlip(file, 2 << 20, 3);
        using CollectionStore store = CollectionStore.Open(copy.Path, static _ => StoreSample.Settings);
        Collection collection = store.Get("c");
        Assert.NotEmpty(collection.Scrub(cancel));
        for (int part = 0; part < 2; part++)
        {
            await collection.WriteAsync([.. Enumerable.Range(Rows + part * 300, 300).Select(i => new WriteOperation.Put(_vectors.Document(i)))], cancel: cancel);
            await collection.FlushAsync(cancel);
        }
        await collection.OptimiseAsync(cancel: cancel);
        Assert.Equal(Rows + 600, collection.Count(Filter.All));
        // The live one is counted as well.
        Assert.Equal(3, collection.Describe().Segments);
    }

    private static void ReadEverything(Collection collection, Random random)
    {
        for (int i = 0; i < 4; i++)
        {
            var request = new SearchRequest { Query = new TopicVectors(random.Next()).Query(), Count = 20 };
            Typed(() => collection.Search(request, DocumentParts.All));
            Typed(() => collection.Search(request with { Accuracy = Accuracy.Exact }));
            Typed(() => collection.Search(request with { Filter = new Filter { Must = [new Condition.Range("rank", AtLeast: AttributeValue.OfInteger(random.Next(900)))] } }));
        }
        Typed(() => collection.Get([.. Enumerable.Range(0, Rows).Select(static i => new DocumentId((ulong)i))], DocumentParts.All));
        Typed(() =>
        {
            using Scroll scroll = collection.Scroll(new ScrollRequest { OrderBy = "rank" });
            scroll.Read(Rows);
        });
    }

    private static void Typed(Action read)
    {
        try
        {
            read();
        }
        catch (CollectionException error) when (error.Error == CollectionError.Checksum)
        {
        }
    }

    private CollectionStore Open() => CollectionStore.Open(_directory.Path, static _ => StoreSample.Settings);

    private string[] Files() =>
        [.. Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories)
            .Where(static f => f.Contains("segment-", StringComparison.Ordinal)).Select(f => Path.GetRelativePath(_directory.Path, f)).Order(StringComparer.Ordinal)];

    // Rows of vector files begin at 2 MiB; what lies before and behind them is padding that nobody reads.
    private long DataAt(string file, Random random)
    {
        const long RowsAt = 2 << 20;
        long length = new FileInfo(Path.Combine(_directory.Path, file)).Length;
        return length > RowsAt ? RowsAt + random.NextInt64(Math.Min(Rows, length - RowsAt)) : HeadBytes + random.NextInt64(length / 2);
    }

    private TempDirectory CopyWithFlip(string file, long at, int bit)
    {
        var copy = new TempDirectory();
        foreach (string each in Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy.Path, Path.GetRelativePath(_directory.Path, each));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(each, target);
        }
        StoreSample.Flip(Path.Combine(copy.Path, file), at, bit);
        return copy;
    }
}
