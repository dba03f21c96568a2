using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Live;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>A writer, linkers and readers at once; then all of it frozen.</summary>
public sealed class LiveDocumentsStressTests
{
    private const int Rows = 6_000;
    private const int Dimension = 24;

    private static readonly CollectionSchema Schema = new()
    {
        Vectors =
        [
            new VectorSchema { Name = "a", Dimension = Dimension, BuildBreadth = 40 },
            new VectorSchema { Name = "b", Dimension = Dimension, BuildBreadth = 40, IsRequired = false },
        ],
    };

    [Fact]
    public void Readers_of_any_bound_find_what_was_appended_before_it()
    {
        using var live = new LiveDocuments(Schema, new LiveDocumentsOptions { Capacity = Rows, CalibrationRows = 500, LinkThreads = 2 });
        using var stop = new CancellationTokenSource();
        string? failure = null;
        Task[] linkers = [.. Enumerable.Range(0, 2).Select(v => Task.Run(() => Link(live, v, stop.Token)))];
        Task[] readers = [.. Enumerable.Range(0, 2).Select(v => Task.Run(() => failure = Search(live, v) ?? failure))];
        for (int i = 0; i < Rows; i++)
        {
            live.Append((ulong)i, 1, [1, 0, 0, 0, 0], [VectorOf(i), HasSecond(i) ? VectorOf(i) : default]);
        }
        Task.WaitAll(readers);
        stop.Cancel();
        Task.WaitAll(linkers);
        Assert.True(failure is null, failure);
        live.Seal();
        FreezeAndCheck(live);
    }

    private static void FreezeAndCheck(LiveDocuments live)
    {
        using var directory = new TempDirectory();
        using RowSet dead = RowSet.None(Rows);
        dead.Add(4);
        dead.Add(8);
        DocumentSegment.Freeze(
            live, dead, directory.File("segment"), new SegmentWriteOptions { Threads = 2 }, DiskFileLayer.Instance, CancellationToken.None, out _);
        using DocumentSegment segment = DocumentSegment.Open(directory.File("segment"), 1, Schema, new SegmentOpenOptions());
        for (int i = 0; i < Rows; i++)
        {
            bool isKept = !dead.Contains((uint)i);
            Assert.True(segment.TryFind((ulong)i, segment.Count, out uint row) == isKept, $"document {i} is kept: {!isKept}, but should be: {isKept}");
            Assert.True(!isKept || segment.TryVectorRow(1, row, out _) == HasSecond(i), $"document {i} lost or found a vector");
        }
        Assert.Empty(SegmentScrub.Run(directory.File("segment"), Schema));
    }

    private static bool HasSecond(int document) => document % 3 != 1;

    private static float[] VectorOf(int document) => VectorSamples.Random(new Random(document), Dimension, 1);

    private static void Link(LiveDocuments live, int vector, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (live.LinkPending(vector, 100, CancellationToken.None) == 0)
            {
                Thread.Yield();
            }
        }
    }

    // Each search asks for the vector of a document below the bound it has read; that document is the best hit. A graph may miss
    // it now and then while its neighbours are being linked.
    private static string? Search(LiveDocuments live, int vector)
    {
        var random = new Random(vector);
        using LiveSearcher searcher = live.Vectors(vector).CreateSearcher();
        var hits = new Candidate[5];
        int searches = 0, misses = 0;
        for (int bound = 0; bound < Rows;)
        {
            bound = live.Count;
            int document = bound == 0 ? 0 : random.Next(bound);
            if (bound == 0 || (vector == 1 && !HasSecond(document)))
            {
                continue;
            }
            int rows = live.VectorRowsBelow(vector, bound);
            using RowSet accept = RowSet.All(rows);
            int count = searcher.Search(VectorOf(document), new SearchOptions { Breadth = 200 }, AcceptSet.From(accept.Words, rows), hits);
            uint best = count == 0 ? uint.MaxValue : live.DocumentOf(vector, hits[0].Ordinal);
            searches++;
            if (best != (uint)document)
            {
                misses++;
            }
            else if (live.IdOf(best) != (DocumentId)(ulong)document)
            {
                return $"document {document} has the id {live.IdOf(best)}";
            }
            if (hits[..count].Any(hit => hit.Ordinal >= (uint)rows))
            {
                return $"a search below {bound} found a row from {rows} on";
            }
        }
        return misses * 100 <= searches ? null : $"{misses} of {searches} documents were not the best hits for their own vector {vector}";
    }
}
