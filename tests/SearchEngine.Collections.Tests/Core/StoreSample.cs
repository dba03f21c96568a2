using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>
/// A closed store with a little of everything: two segments, the first with dead rows, a log behind them, an alias. Which document is where
/// follows from its id.
/// </summary>
internal sealed class StoreSample : IDisposable
{
    public const string Name = "sample";
    private const int PerPart = 30;

    private readonly TempDirectory _directory = new();

    private StoreSample()
    {
    }

    public static CollectionSettings Settings { get; } = new() { DiskReserveBytes = 0 };

    public string Root => _directory.Path;

    public StoreModel Model { get; } = new();

    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f)).Order(StringComparer.Ordinal)];

    public static async Task<StoreSample> Make(int seed)
    {
        var sample = new StoreSample();
        var random = new RandomDocuments(seed);
        using CollectionStore store = CollectionStore.Open(sample.Root, static _ => Settings);
        Collection collection = store.Create(Name, RandomDocuments.Schema);
        store.SwitchAliases([new AliasSwitch("alias", Name)]);
        for (int part = 0; part < 3; part++)
        {
            await sample.Write(collection, [.. Enumerable.Range(part * PerPart, PerPart).Select(i => new WriteOperation.Put(random.Document(new DocumentId((ulong)i))))]);
            if (part == 1)
            {
                await sample.Write(collection, [new WriteOperation.Delete(new DocumentId(3UL)), new WriteOperation.Delete(new DocumentId(4UL))]);
            }
            if (part < 2)
            {
                await collection.FlushAsync();
            }
        }
        return sample;
    }

    /// <summary>The part a document was written in: 0 and 1 are segments, 2 is the log.</summary>
    public static int PartOf(DocumentId id) => (int)(id.Number / PerPart);

    /// <summary>A copy of the store that shares the large files, but for one, which may be changed.</summary>
    public TempDirectory Copy(string changing)
    {
        var copy = new TempDirectory();
        foreach (string file in Files)
        {
            string target = Path.Combine(copy.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            bool shared = file != changing && file.Contains("segment-", StringComparison.Ordinal);
            if (shared)
            {
                SearchEngine.Collections.Storage.DiskFileLayer.Instance.Link(Path.Combine(Root, file), target);
            }
            else
            {
                File.Copy(Path.Combine(Root, file), target);
            }
        }
        return copy;
    }

    public static void Flip(string path, long position, int bit)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = position;
        int value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ (1 << bit)));
    }

    public void Dispose() => _directory.Dispose();

    private async Task Write(Collection collection, IReadOnlyList<WriteOperation> batch)
    {
        await collection.WriteAsync(batch);
        foreach (WriteOperation operation in batch)
        {
            Model.Apply(operation);
        }
    }
}
