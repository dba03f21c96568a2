using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Tests.Model;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>One flipped bit in any file of a store is reported, hurts nothing but what it hit, and what it hit is kept.</summary>
public sealed class FlippedByteTests
{
    private static readonly int PerFile = 3 * Math.Max(1, 10 * LongRun.Minutes);

    [Theory]
    [InlineData(1)]
    public async Task A_flipped_bit_is_reported_and_undamaged_documents_are_found(int seed)
    {
        using StoreSample sample = await StoreSample.Make(seed);
        var random = new Random(seed);
        foreach (string file in sample.Files)
        {
            long length = new FileInfo(Path.Combine(sample.Root, file)).Length;
            for (int i = 0; i < PerFile && length > 0; i++)
            {
                // Heads and beginnings of rows are dense, the rest of a large file is mostly padding.
                long position = i == 0 ? random.NextInt64(length) : random.NextInt64(Math.Min(length, i == 1 ? 64 : 4096));
                string when = $"seed {seed}, {file} of {length} bytes flipped at {position}";
                using TempDirectory copy = sample.Copy(file);
                StoreSample.Flip(Path.Combine(copy.Path, file), position, random.Next(8));
                Verify(sample, copy.Path, file, when);
            }
        }
    }

    private static void Verify(StoreSample sample, string root, string file, string when)
    {
        using (CollectionStore store = CollectionStore.Open(root, static _ => StoreSample.Settings))
        {
            Assert.True(store.Names is [StoreSample.Name], $"{when}: the collection is gone");
            Assert.True(store.Aliases.Count == 1, $"{when}: the alias is gone");
            Collection collection = store.Get("alias");
            bool reported = store.Damage.Count + collection.Damage.Count > 0;
            IReadOnlyList<Quarantined> scrubbed = collection.Scrub(TestContext.Current.CancellationToken);
            if (!reported && scrubbed.Count == 0)
            {
                ModelCheck.Whole(collection, sample.Model, when + ", reported by nobody");
                return;
            }
            Assert.NotEmpty(store.Damage.Concat(collection.Damage));
            Compare(sample, collection, file, checkContent: scrubbed.Count == 0, when);
        }
        if (file.Contains("segment-", StringComparison.Ordinal))
        {
            // Not the next start, nor the one after it, removes what is damaged.
            CollectionStore.Open(root, static _ => StoreSample.Settings).Dispose();
            string kept = Path.GetFileName(file);
            Assert.True(
                Directory.EnumerateFiles(root, kept, SearchOption.AllDirectories).Count() >= sample.Files.Count(f => Path.GetFileName(f) == kept),
                $"{when}: the damaged file was removed");
        }
    }

    private static void Compare(StoreSample sample, Collection collection, string file, bool checkContent, string when)
    {
        int damaged = file.Contains("segment-00000000000000000001", StringComparison.Ordinal) || file.Contains("tombstones-", StringComparison.Ordinal) ? 0
            : file.Contains("segment-", StringComparison.Ordinal) ? 1
            : file.Contains(".log", StringComparison.Ordinal) ? 2 : -1;
        DocumentId[] ids = [.. Enumerable.Range(0, 90).Select(static i => new DocumentId((ulong)i))];
        foreach (DocumentId id in ids)
        {
            bool hit = StoreSample.PartOf(id) == damaged;
            Document? document;
            try
            {
                document = collection.Get([id], DocumentParts.All)[0];
            }
            catch (CollectionException refusal) when (hit && refusal.Error == CollectionError.Checksum)
            {
                continue;
            }
            Document? expected = sample.Model.Documents.GetValueOrDefault(id);
            Assert.True(document is not null || expected is null || hit, $"{when}: document {id} is lost, although its file is whole");
            Assert.True(document is null || expected is not null, $"{when}: document {id} was deleted and is back");
            if (document is not null && (checkContent || !hit))
            {
                ModelCheck.Same(expected!, document, when);
            }
        }
    }
}
