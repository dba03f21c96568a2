using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Writes;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Live;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Documents a second into a collection, acknowledged by the disk, against rows a second into the bare live graph. In turns, each
/// until every row is linked.</summary>
internal sealed class IngestMeasurement(CollectionData data, DirectoryInfo work, JsonLines lines)
{
    private const int Batch = 256;
    private const int Rounds = 3;
    private const int InFlight = 4;

    public async Task RunAsync(CancellationToken cancel)
    {
        var core = new List<double>();
        var collection = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            core.Add(Core());
            collection.Add(await CollectionAsync(cancel));
            double ratio = collection[^1] / core[^1];
            lines.Append(new
            {
                Type = "ingest",
                Round = round,
                Rows = data.Documents.Count,
                data.Dimension,
                CoreRowsPerSecond = core[^1],
                DocumentsPerSecond = collection[^1],
                Ratio = ratio,
            });
            Console.WriteLine($"ingest round {round}: core {core[^1]:N0} rows/s, collection {collection[^1]:N0} documents/s, ratio {ratio:F2}");
        }
    }

    // What the collection has: a thread that appends and helps when too many wait, and one that links.
    private double Core()
    {
        var options = new LiveOptions { Dimension = data.Dimension, Capacity = data.Documents.Count, Graph = new SegmentOptions { Threads = 3 } };
        using var live = new LiveSegment(options);
        long began = Stopwatch.GetTimestamp();
        bool appended = false;
        var linker = new Thread(() =>
        {
            while (!Volatile.Read(ref appended) || live.PendingCount > 0)
            {
                if (live.LinkPending(64) == 0)
                {
                    Thread.Sleep(1);
                }
            }
        });
        linker.Start();
        for (int row = 0; row < data.Documents.Count; row++)
        {
            live.Append(data.Documents.Values.AsSpan(row * data.Dimension, data.Dimension), (uint)row);
            while (live.PendingCount > 4096 && live.LinkPending(256) > 0)
            {
            }
        }
        Volatile.Write(ref appended, true);
        while (live.LinkPending(256) > 0)
        {
        }
        linker.Join();
        return data.Documents.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private async Task<double> CollectionAsync(CancellationToken cancel)
    {
        string directory = Path.Combine(work.FullName, "ingest");
        using var scratch = new ScratchDirectory(directory);
        using CollectionStore store = CollectionStore.Open(directory, _ => new CollectionSettings { FlushRows = 1 << 20, DiskReserveBytes = 0 });
        Collection collection = store.Create("ingest", data.Schema);
        long began = Stopwatch.GetTimestamp();
        var waiting = new Queue<Task<WriteReport>>();
        for (int first = 0; first < data.Documents.Count; first += Batch)
        {
            WriteOperation[] batch = [.. Enumerable.Range(first, Math.Min(Batch, data.Documents.Count - first)).Select(data.Put)];
            waiting.Enqueue(collection.WriteAsync(batch, new WriteOptions(AckLevel.Logged), cancel));
            if (waiting.Count >= InFlight)
            {
                await waiting.Dequeue();
            }
        }
        await Task.WhenAll(waiting);
        while (collection.Describe().Unindexed > 0)
        {
            await Task.Delay(5, cancel);
        }
        return data.Documents.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
