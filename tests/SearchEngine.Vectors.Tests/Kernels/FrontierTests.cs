using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Kernels;

public sealed class FrontierTests
{
    /// <summary>Against a plain sorted list: which candidate is expanded next, the last hit, and what is kept at the end.</summary>
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(5, 20, 3)]
    [InlineData(40, 40, 10)]
    [InlineData(60, 60, 0)]
    [InlineData(100, 100, 0)]
    [InlineData(150, 180, 17)]
    [InlineData(2_000, 2_000, 100)]
    public void AFrontierAgreesWithASortedListAtEveryStep(int breadth, int capacity, int hits)
    {
        using var frontier = new Frontier();
        for (ulong round = 0; round < 20; round++)
        {
            frontier.Reset(breadth, capacity, hits);
            var model = new SortedSet<long>();
            var expanded = new HashSet<long>();
            int dropped = int.MinValue;
            var random = new CounterRandom(1, 1, round);
            for (uint ordinal = 0; ordinal < 1_500; ordinal++)
            {
                int score = (int)(random.Next() % 5_000) - 2_500;
                frontier.Offer(score, ordinal);
                model.Add(Entry.PackHit(score, ordinal));
                // From many expansions per row, which empty the front, to few, which fill it.
                while (random.Next() % (2 + (3 * round)) == 0)
                {
                    Expand(frontier, model, expanded, breadth, dropped, $"round {round}, step {ordinal}");
                }
                dropped = hits > 0 ? DropBehindLastHit(frontier, model, hits, dropped, $"round {round}, step {ordinal}") : dropped;
            }
            frontier.Finish();
            long[] wanted = [.. model.Reverse().Take(capacity).Where(e => Entry.ScoreOf(e) > dropped)];
            long[] found = frontier.Sort().ToArray();
            Assert.True(wanted.AsSpan().SequenceEqual(found), $"round {round}: {found.Length} kept entries are not the best {wanted.Length}");
        }
    }

    [Fact]
    public unsafe void VectorsOfSortedEntriesMoveAsSingleEntriesDo()
    {
        const int Vectors = 5;
        using var fast = new AlignedBuffer<long>(Vectors * SortedEntries.Width);
        using var plain = new AlignedBuffer<long>(Vectors * SortedEntries.Width);
        fast.Span.Fill(SortedEntries.Empty);
        plain.Span.Fill(SortedEntries.Empty);
        var random = new CounterRandom(1, 2, 3);
        for (int step = 0; step < 5_000; step++)
        {
            if (random.Next() % 3 == 0)
            {
                SortedEntries.RemoveFirst(fast.Address, Vectors);
                SortedEntries.RemoveFirstScalar(plain.Address, Vectors);
            }
            else
            {
                long entry = (long)(random.Next() % 1_000) - 500;
                SortedEntries.Insert(fast.Address, Vectors, entry);
                SortedEntries.InsertScalar(plain.Address, Vectors, entry);
            }
            Assert.True(fast.Span.SequenceEqual(plain.Span), $"step {step}: the vector path left other entries than the plain one");
        }
    }

    private static void Expand(Frontier frontier, SortedSet<long> model, HashSet<long> expanded, int breadth, int dropped, string where)
    {
        long next = model.Reverse().Take(breadth).FirstOrDefault(e => !expanded.Contains(e), long.MinValue);
        // Whether what was dropped would still be expanded is the stop rule's business.
        if (next != long.MinValue && Entry.ScoreOf(next) <= dropped)
        {
            return;
        }
        Assert.True((next != long.MinValue) == frontier.TryPeek(out int score), $"{where}: something is left to expand, or nothing, and the frontier differs");
        if (next != long.MinValue)
        {
            Assert.True(Entry.ScoreOf(next) == score && Entry.OrdinalOf(next) == frontier.TakeNext(), $"{where}: another candidate than the best");
            expanded.Add(next);
        }
    }

    private static int DropBehindLastHit(Frontier frontier, SortedSet<long> model, int hits, int dropped, string where)
    {
        bool enough = frontier.TryGetLastHit(out int last);
        Assert.True(enough == model.Count >= hits, $"{where}: {model.Count} entries, {hits} hits wanted");
        if (!enough)
        {
            return dropped;
        }
        Assert.True(last == Entry.ScoreOf(model.Reverse().ElementAt(hits - 1)), $"{where}: the last hit is another");
        frontier.Drop(last - 700);
        return Math.Max(dropped, last - 700);
    }
}
