using System.Collections.Concurrent;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Live;
using Xunit;

namespace SearchEngine.Vectors.Tests.Live;

/// <summary>
/// Appending, linking, deleting, sweeping and searching at once. Every hit is checked while it happens; at the end the graph
/// is whole. SEARCHENGINE_LONG_TESTS multiplies the rows by its value.
/// </summary>
public sealed class LiveStressTests
{
    private const int K = 10;

    [Theory]
    [InlineData(1, 4, Metric.Cosine)]
    [InlineData(4, 2, Metric.L2)]
    [InlineData(6, 1, Metric.Cosine)]
    public void ReadersSeeOnlyWhatIsTrue(int linkers, int readers, Metric metric)
    {
        int count = 5_000 * LongRuns.Scale;
        using var run = new LiveRun(LiveRun.Text with { Count = count, Dim = 64, Latent = 30 }, metric, breadth: 60, writers: linkers + 2);
        var stop = new ManualResetEventSlim();
        var faults = new ConcurrentQueue<Exception>();
        // Rows whose death was acknowledged, and how many rows were; both are published before a reader looks.
        int appended = 0;
        var acknowledged = new byte[count];
        List<Thread> writers =
        [
            Guarded(faults, () =>
            {
                for (int i = 0; i < count; i++)
                {
                    run.Append(i, i + 1);
                    Volatile.Write(ref appended, i + 1);
                    Disturb(i);
                }
            }),
            Guarded(faults, () => KillSome(run, count, acknowledged, ref appended)),
        ];
        List<Thread> others = [.. Enumerable.Range(0, linkers).Select(_ => Guarded(faults, () => KeepLinking(run, stop)))];
        others.Add(Guarded(faults, () => KeepSweeping(run, stop)));
        others.AddRange(Enumerable.Range(0, readers).Select(r => Guarded(faults, () => KeepSearching(run, stop, acknowledged, ref appended, r))));
        writers.ForEach(t => t.Join());
        while (run.Segment.PendingCount > 0 && faults.IsEmpty)
        {
            Thread.Sleep(5);
        }
        stop.Set();
        others.ForEach(t => t.Join());
        Assert.True(faults.IsEmpty, faults.TryPeek(out Exception? first) ? first.ToString() : "");
        run.Segment.Sweep();
        GraphValidator.AssertValid(new LiveGraphRows(run.Segment), $"{linkers} linkers and {readers} readers");
        AssertInboundCounts(run);
        double recall = run.Recall(100), fresh = run.FreshRecall(100);
        Assert.True(recall >= fresh - 0.01, $"Recall is {recall:F4} after concurrent writing, a fresh build has {fresh:F4}.");
    }

    [Fact]
    public void DisposingWaitsForSearchesAndRefusesLaterOnes()
    {
        var run = new LiveRun(LiveRun.Text with { Count = 3_000 }, Metric.Cosine);
        run.AppendAndLink(0, 3_000);
        int refused = 0;
        var faults = new ConcurrentQueue<Exception>();
        var started = new CountdownEvent(3);
        List<Thread> readers = [.. Enumerable.Range(0, 3).Select(_ => Guarded(faults, () =>
        {
            using LiveSearcher searcher = run.Segment.CreateSearcher();
            var hits = new Candidate[K];
            int count = searcher.Search(run.Queries.Row(0), new SearchOptions(), hits);
            started.Signal();
            try
            {
                while (count == K)
                {
                    count = searcher.Search(run.Queries.Row(0), new SearchOptions(), hits);
                }
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref refused);
            }
        }))];
        started.Wait();
        run.Segment.Dispose();
        readers.ForEach(t => t.Join());
        Assert.True(faults.IsEmpty, faults.TryPeek(out Exception? first) ? first.ToString() : "");
        Assert.Equal(3, refused);
        Assert.Throws<ObjectDisposedException>(() => run.Segment.Append(run.Rows.Row(0), 0));
    }

    private static void KillSome(LiveRun run, int count, byte[] acknowledged, ref int appended)
    {
        var random = new CounterRandom(3, 1, 4);
        for (int killed = 0; killed < count / 5;)
        {
            int known = Volatile.Read(ref appended);
            uint victim = (uint)(random.Uniform() * known);
            if (known > 0 && run.Segment.Delete(victim))
            {
                Volatile.Write(ref acknowledged[victim], 1);
                killed++;
            }
            Disturb(killed);
        }
    }

    private static void KeepLinking(LiveRun run, ManualResetEventSlim stop)
    {
        while (!stop.IsSet)
        {
            if (run.Segment.LinkPending(16) == 0)
            {
                Thread.Yield();
            }
        }
    }

    private static void KeepSweeping(LiveRun run, ManualResetEventSlim stop)
    {
        while (!stop.Wait(30))
        {
            run.Segment.Sweep();
        }
    }

    private static void KeepSearching(LiveRun run, ManualResetEventSlim stop, byte[] acknowledged, ref int appended, int reader)
    {
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        var hits = new Candidate[K];
        var dead = new byte[acknowledged.Length];
        int missed = 0, searched = 0;
        for (int round = 0; !stop.IsSet; round++)
        {
            int known = Volatile.Read(ref appended);
            acknowledged.CopyTo(dead, 0);
            if (known == 0)
            {
                continue;
            }
            int self = (int)((uint)(round * 2654435761u + reader) % (uint)known);
            ReadOnlySpan<float> query = round % 2 == 0 ? run.Queries.Row(round % run.Queries.Count) : run.Rows.Row(self);
            int found = searcher.Search(query, new SearchOptions { Breadth = 80 }, hits);
            CheckHits(run, query, hits.AsSpan(0, found), dead);
            int expected = Math.Min(K, known - acknowledged.Length / 5);
            if (found < expected)
            {
                throw new InvalidOperationException($"{found} hits where at least {expected} rows live.");
            }
            // The newest known row waits to be linked or was linked a moment ago.
            missed += MissesNewest(run, searcher, hits, known - 1) ? 1 : 0;
            searched++;
        }
        if (missed > 0.01 * searched)
        {
            throw new InvalidOperationException($"{missed} of {searched} acknowledged rows were not found by their own vector.");
        }
    }

    private static void CheckHits(LiveRun run, ReadOnlySpan<float> query, ReadOnlySpan<Candidate> hits, byte[] dead)
    {
        for (int i = 0; i < hits.Length; i++)
        {
            run.CheckHit(query, hits[i]);
            if (dead[hits[i].Ordinal] != 0)
            {
                throw new InvalidOperationException($"Row {hits[i].Ordinal} is found though its death was acknowledged before the search.");
            }
            bool repeated = false;
            foreach (Candidate earlier in hits[..i])
            {
                repeated |= earlier.Ordinal == hits[i].Ordinal || earlier.Score < hits[i].Score;
            }
            if (repeated)
            {
                throw new InvalidOperationException("Hits are out of order or there twice.");
            }
        }
    }

    // True when the graph, which is not exact, missed the row; the scan of rows not yet linked must not.
    private static bool MissesNewest(LiveRun run, LiveSearcher searcher, Candidate[] hits, int row)
    {
        bool scanned = run.Segment.Index is not LiveIndex index || (uint)row >= (uint)index.LinkedBelow;
        int found = searcher.Search(run.Rows.Row(row), new SearchOptions { Breadth = 80 }, hits);
        bool there = hits.AsSpan(0, found).ToArray().Any(h => h.Ordinal == (uint)row) || run.Segment.IsDead((uint)row);
        if (!there && scanned && run.Segment.Index is { } now && (uint)row >= (uint)now.LinkedBelow)
        {
            throw new InvalidOperationException($"Row {row} was acknowledged, lives, waits to be linked and is not found.");
        }
        return !there;
    }

    private static void AssertInboundCounts(LiveRun run)
    {
        LiveIndex index = run.Segment.Index!;
        var counted = new int[run.Segment.Count];
        for (uint i = 0; i < (uint)counted.Length; i++)
        {
            foreach (uint link in run.Segment.IsDead(i) ? default : index.Levels[0].Links(i))
            {
                counted[link]++;
            }
        }
        int orphans = Enumerable.Range(0, counted.Length)
            .Count(i => counted[i] == 0 && !run.Segment.IsDead((uint)i) && index.Entry.Ordinal != (uint)i);
        Assert.True(orphans == 0, $"{orphans} live rows have no link that leads to them.");
    }

    private static void Disturb(int i)
    {
        if (i % 7 == 0)
        {
            Thread.Yield();
        }
    }

    private static Thread Guarded(ConcurrentQueue<Exception> faults, Action run)
    {
        var thread = new Thread(() =>
        {
            try
            {
                run();
            }
            catch (Exception e)
            {
                // Kept for the assertion: an exception that leaves a thread ends the process.
                faults.Enqueue(e);
            }
        });
        thread.Start();
        return thread;
    }
}
