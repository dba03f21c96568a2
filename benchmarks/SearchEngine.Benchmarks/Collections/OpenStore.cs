using System.Diagnostics;
using System.Runtime.InteropServices;
using SearchEngine.Collections;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>
/// A large collection with some deletes and a log tail. Documents are generated as they are written, so that what is held is what the
/// collection holds. It takes minutes to fill, so it stays, and is taken as it is by the next run.
/// </summary>
internal sealed class OpenStore(CollectionData data, DirectoryInfo work)
{
    private const int Batch = 2_000;
    private const int DeletedOf = 10;
    private const string QueryFile = "queries";

    // Least first: what is measured at a small size is the same thing, with several segments.
    private readonly int _tail = Math.Min(20_000, data.Rows / 50 / Batch * Batch + Batch);

    /// <summary>Nobody writes to it: clones are opened.</summary>
    public string Path { get; } = System.IO.Path.Combine(work.FullName, $"open-{data.Rows}x{data.Dimension}");

    public static string QueriesOf(string directory) => System.IO.Path.Combine(directory, QueryFile);

    /// <returns>Documents in it.</returns>
    public async Task<long> FillAsync(CancellationToken cancel)
    {
        if (!Directory.Exists(Path))
        {
            long began = Stopwatch.GetTimestamp();
            string aside = Path + ".filling";
            using var scratch = new ScratchDirectory(aside);
            await FillAsync(aside, cancel);
            Directory.Move(aside, Path);
            Console.WriteLine($"filled with {data.Rows:N0} documents in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        }
        return data.Rows - data.Rows / DeletedOf + _tail + Math.Min(Batch, data.Rows) / DeletedOf;
    }

    private async Task FillAsync(string directory, CancellationToken cancel)
    {
        using CollectionStore store = CollectionStore.Open(directory, static _ => OpenMeasurement.Settings);
        Collection collection = store.Create(OpenMeasurement.Name, data.Schema);
        for (int first = 0; first < data.Rows; first += Batch)
        {
            await WriteAsync(collection, data.Generate(first, Math.Min(Batch, data.Rows - first)), cancel);
        }
        // A tenth is deleted, a little is replaced; the rest stays in the log.
        foreach (int[] deletes in Enumerable.Range(0, data.Rows / DeletedOf).Select(static i => DeletedOf * i + 5).Chunk(Batch))
        {
            await WriteAsync(collection, [.. deletes.Select(OpenHistory.Delete)], cancel);
        }
        await collection.FlushAsync(cancel);
        WriteOperation[] replaced = data.Generate(0, Math.Min(Batch, data.Rows));
        await WriteAsync(collection, replaced, cancel);
        for (int first = data.Rows; first < data.Rows + _tail; first += Batch)
        {
            await WriteAsync(collection, data.Generate(first, Batch), cancel);
        }
        WriteQueries(directory, ((WriteOperation.Put)replaced[0]).Document.Vectors.Values.Single().Span);
    }

    // The vector of the first document, then the queries of the set: kept outside, since whoever measures memory is not to make them.
    private void WriteQueries(string directory, ReadOnlySpan<float> first)
    {
        using FileStream file = File.Create(QueriesOf(directory));
        file.Write(MemoryMarshal.AsBytes(first));
        file.Write(MemoryMarshal.AsBytes<float>(data.Queries.Values));
    }

    private static Task<WriteReport> WriteAsync(Collection collection, IReadOnlyList<WriteOperation> batch, CancellationToken cancel) =>
        collection.WriteAsync(batch, new WriteOptions(AckLevel.Memory), cancel);
}
