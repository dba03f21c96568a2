using SearchEngine.Collections.Calibrations;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>Calibration with queries that are nothing like the documents: what segments tune themselves with says nothing about them.</summary>
public sealed class CalibrationTests(ITestOutputHelper output) : IDisposable
{
    private const int Rows = 12_000;
    private const int Hits = 10;
    private const float Target = 0.95f;

    private readonly TempDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Calibrated_with_the_queries_that_come_a_collection_reaches_the_target_it_missed_also_after_a_restart_and_restored()
    {
        float[][] fitted = Queries(1, 300), asked = Queries(2, 300);
        string backup = Path.Combine(_directory.Path, "..", Path.GetFileName(_directory.Path) + ".backup");
        Outcome before, after;
        using (CollectionStore store = Open())
        {
            Collection target = await FillAsync(store);
            before = Answers(target, asked);
            Assert.True(before.Recall < 0.9, $"The queries are no test: {before} without a calibration.");
            VectorCalibration calibration = await target.CalibrateAsync(
                new CalibrationRequest { Queries = fitted, Origin = QueryOrigin.Traffic, Counts = [Hits] }, cancel: Cancel);
            after = Answers(target, asked);
            output.WriteLine($"{before} before, {after} after; {calibration.Codes}");
            Assert.True(after.Recall > Target - 0.015, $"{after} after the calibration, {before} before: its margin is not in force.");
            Assert.Equal(RecallBasis.Calibrated, after.Basis);
            Assert.Same(calibration, target.Schema.Vectors[0].Calibration);
            await store.BackupAsync("docs", backup, Cancel);
        }
        using (CollectionStore store = Open())
        {
            Assert.Equal(after, Answers(store.Get("docs"), asked));
            Assert.Equal(after, Answers(store.Restore("again", backup, null, null, Cancel), asked));
            // One segment of all rows: wider than they were tuned with, but nobody has measured whether it is enough.
            Collection target = store.Get("docs");
            await target.OptimiseAsync(cancel: Cancel);
            Outcome merged = Answers(target, asked);
            Assert.True(merged.Recall > before.Recall, $"{merged} after a merge, {before} before: the margin went with the segments.");
            Assert.Equal(RecallBasis.OutOfCalibration, merged.Basis);
        }
        Directory.Delete(backup, recursive: true);
    }

    [Fact]
    public async Task Calibration_of_made_queries_says_what_was_measured_and_leaves_searches_at_their_target()
    {
        using CollectionStore store = Open();
        Collection target = await FillAsync(store);
        var told = new List<WorkProgress>();
        VectorCalibration calibration = await target.CalibrateAsync(
            new CalibrationRequest { Made = 200, Counts = [10, 1] }, new Told(told), Cancel);

        Assert.Equal((QueryOrigin.Points, 200, (long)Rows), (calibration.Origin, calibration.Queries, calibration.Documents));
        Assert.Equal([1, 10], calibration.Curves.Select(static c => c.Count));
        foreach (CalibrationCurve curve in calibration.Curves.Concat(calibration.SegmentCurves))
        {
            Assert.True(curve.Points[^1].Recall > 0.99, $"recall {curve.Points[^1].Recall} at the widest margin for {curve.Count} hits");
            Assert.All(curve.Points, static p => Assert.InRange(p.Low, 0, 1));
            Assert.Equal(curve.Points.OrderBy(static p => p.Breadth), curve.Points);
        }
        Assert.Equal((200, 0), (calibration.SelfSearches, calibration.SelfMisses));
        CodeReport codes = calibration.Codes!;
        Assert.Equal(WalkCode.Int8, codes.Code);
        Assert.InRange(codes.MeanError, 0.002f, 0.02f);
        Assert.InRange(codes.WorstError, codes.MeanError, 0.1f);
        Assert.InRange(codes.CodeRecall, 0.9f, 1f);
        Assert.Equal(told[^1].Total, told[^1].Done);
        Assert.Equal(told.OrderBy(static t => t.Done), told);
    }

    [Fact]
    public async Task Cancelled_or_closed_calibration_leaves_everything_as_it_was_and_writes_go_on_beside_one()
    {
        using CollectionStore store = Open();
        Collection target = await FillAsync(store);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => target.CalibrateAsync(new CalibrationRequest { Made = 2_000 }, new Then(stop.Cancel), stop.Token));
        Assert.Null(target.Schema.Vectors[0].Calibration);

        // A merge and a flush while it measures: what it searched is gone when it ends.
        var measuring = new TaskCompletionSource();
        Task<VectorCalibration> calibrating = target.CalibrateAsync(new CalibrationRequest { Made = 300, Counts = [10] }, new Then(measuring.SetResult), Cancel);
        await measuring.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        await target.WriteAsync([.. Enumerable.Range(0, 100).Select(static i => new WriteOperation.Delete(new DocumentId((ulong)i)))], default, Cancel);
        await target.OptimiseAsync(cancel: Cancel);
        VectorCalibration calibration = await calibrating;
        Assert.Same(calibration, target.Schema.Vectors[0].Calibration);
        Assert.True(Answers(target, [.. Queries(3, 20)]).Recall > 0.5, "Searches after a merge under a calibration find nothing.");

        Task? dropped = null;
        Task<VectorCalibration> closed = target.CalibrateAsync(
            new CalibrationRequest { Made = 2_000 }, new Then(() => dropped = Task.Run(() => store.Drop("docs", AliasPolicy.Refuse))), Cancel);
        await Assert.ThrowsAnyAsync<Exception>(() => closed.WaitAsync(TimeSpan.FromMinutes(1), Cancel));
        Assert.True(closed.IsCompleted, "The calibration of a dropped collection never ended.");
        // It removes the files after the collection is closed, and so after the calibration has ended.
        await dropped!.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
    }

    [Fact]
    public async Task Requests_that_cannot_be_measured_are_refused()
    {
        using CollectionStore store = Open();
        Collection empty = store.Create("empty", TopicVectors.Schema);
        Assert.Equal("vector_name", (await RefusedAsync(new CalibrationRequest())).Field);
        Assert.Equal(CollectionError.VectorUnknown, (await RefusedAsync(new CalibrationRequest { VectorName = "other" })).Error);
        Assert.Equal(CollectionError.LimitExceeded, (await RefusedAsync(new CalibrationRequest { Made = 100_001 })).Error);
        Assert.Equal(CollectionError.LimitExceeded, (await RefusedAsync(new CalibrationRequest { Counts = [] })).Error);
        Assert.Equal("queries[1]", (await RefusedAsync(new CalibrationRequest { Queries = [Queries(1, 1)[0], [1, 2]] })).Field);

        Task<CollectionException> RefusedAsync(CalibrationRequest request) =>
            Assert.ThrowsAsync<CollectionException>(() => empty.CalibrateAsync(request, cancel: Cancel));
    }

    private CollectionStore Open() => CollectionStore.Open(_directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });

    private static async Task<Collection> FillAsync(CollectionStore store)
    {
        var vectors = new TopicVectors(11);
        Collection target = store.Create("docs", new CollectionSchema { Vectors = [new VectorSchema { Dimension = TopicVectors.Dimension }] });
        foreach (int[] some in Enumerable.Range(0, Rows).Chunk(4_000))
        {
            await target.WriteAsync([.. some.Select(i => new WriteOperation.Put(vectors.Document(i) with { Attributes = new Dictionary<string, AttributeValue>() }))], default, Cancel);
            await target.FlushAsync(Cancel);
        }
        return target;
    }

    private static float[][] Queries(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, TopicVectors.Dimension).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray())];
    }

    private static Outcome Answers(Collection target, float[][] queries)
    {
        int right = 0, wanted = 0;
        var basis = RecallBasis.None;
        foreach (float[] query in queries)
        {
            var request = new SearchRequest { Query = query, Count = Hits };
            IReadOnlyList<Hit> exact = target.Search(request with { Accuracy = Accuracy.Exact }, Cancel).Hits;
            SearchResult found = target.Search(request with { Accuracy = Accuracy.OfRecall(Target) }, Cancel);
            right += found.Hits.Count(hit => hit.Score >= exact[^1].Score - 1e-5f);
            wanted += exact.Count;
            basis = found.Recall.Basis;
        }
        return new Outcome((double)right / wanted, basis);
    }

    private sealed record Outcome(double Recall, RecallBasis Basis);

    private sealed class Told(List<WorkProgress> told) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => told.Add(value);
    }

    /// <summary>Does something once it has begun.</summary>
    private sealed class Then(Action action) : IProgress<WorkProgress>
    {
        private bool _told;

        public void Report(WorkProgress value)
        {
            if (!_told)
            {
                _told = true;
                action();
            }
        }
    }
}
