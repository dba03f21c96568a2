using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Filters;

/// <summary>The goal of a walk that keeps accepted rows, against a list that is sorted anew for every candidate.</summary>
public sealed class AcceptedRowsTests
{
    private const int Rows = 400;

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.3)]
    [InlineData(0.03)]
    public void TheWalkExpandsTheBreadthAndUntilEnoughAcceptedRowsAndKnowsTheLastHit(double share)
    {
        using var scratch = new WalkScratch(Rows);
        var random = new CounterRandom(11, 12, (ulong)(1000 * share));
        for (int round = 0; round < 200; round++)
        {
            int hits = 1 + (int)(random.Uniform() * 5), enough = hits + (int)(random.Uniform() * 5);
            int breadth = enough + (int)(random.Uniform() * 20), most = breadth + (int)(random.Uniform() * 40);
            var words = new ulong[(Rows + 63) / 64];
            for (int i = 0; i < Rows; i++)
            {
                words[i / 64] |= random.Uniform() < share ? 1ul << (i % 64) : 0;
            }
            int kept = 1 + (int)(random.Uniform() * 2 * most);
            scratch.Reset(most, Rows, hits);
            var goal = new AcceptedRows(
                new AcceptBits(words), scratch.Watch, breadth, enough, hits, new HitReach(1, 1, share), patience: int.MaxValue, kept: kept);
            StopRule stop = StopRule.Adaptive(hits, 0, 0);
            var model = new SortedSet<(int Score, uint Ordinal)>();
            var expanded = new HashSet<uint>();
            for (uint ordinal = 0; ordinal < Rows; ordinal++)
            {
                int score = (int)(random.Uniform() * 1000) - 1000;
                goal.Offer(scratch.Frontier, score, ordinal);
                model.Add((score, ordinal));
                (int Score, uint Ordinal)[] accepted = [.. model.Reverse().Where(m => IsAccepted(words, m.Ordinal))];
                bool isKnown = goal.TryGetThreshold(scratch.Frontier, stop, out int threshold, out _);
                Assert.True(
                    isKnown == accepted.Length >= hits && (!isKnown || threshold == accepted[hits - 1].Score),
                    $"Round {round}, row {ordinal}: {accepted.Length} accepted rows of {hits} wanted, last hit known {isKnown} at {threshold}.");
                if (random.Uniform() < 0.5)
                {
                    Expand(scratch.Frontier, goal, model, expanded, words, breadth, enough, most, $"Round {round}, row {ordinal}");
                }
            }
            goal.Finish(scratch.Frontier);
            Assert.Equal(
                model.Reverse().Select(m => m.Ordinal).Where(o => IsAccepted(words, o)).Take(kept).Order(),
                scratch.Frontier.Entries.ToArray().Select(Entry.OrdinalOf).Order());
        }
    }

    [Fact]
    public void AWalkWhoseHitsLieBehindMoreThanItsPatienceGivesUp()
    {
        using var scratch = new WalkScratch(Rows);
        var words = new ulong[(Rows + 63) / 64];
        words[0] = 1;
        scratch.Reset(Rows, Rows, 1);
        var goal = new AcceptedRows(new AcceptBits(words), scratch.Watch, 10, 1, 1, new HitReach(1, 1, 0.01), patience: 20, kept: Rows);
        for (uint ordinal = 0; ordinal < 100; ordinal++)
        {
            goal.Offer(scratch.Frontier, (int)ordinal, ordinal);
            if (scratch.Frontier.TryPeek(out _) && !goal.IsEnough(scratch.Frontier))
            {
                scratch.Frontier.TakeNext();
            }
        }
        Assert.True(scratch.Watch.IsBudgetSpent, "The only accepted row is behind 99 others, and the walk goes on.");
        Assert.False(scratch.Watch.MayGoOn(scratch.Frontier, 0, 0));
    }

    private static void Expand(
        Frontier frontier, AcceptedRows goal, SortedSet<(int Score, uint Ordinal)> model, HashSet<uint> expanded, ulong[] words,
        int breadth, int enough, int most, string where)
    {
        int rank = 0, hits = 0;
        uint? next = null;
        foreach ((_, uint ordinal) in model.Reverse())
        {
            if (!expanded.Contains(ordinal))
            {
                next = rank < breadth || (hits < enough && rank < most) ? ordinal : null;
                break;
            }
            rank++;
            hits += IsAccepted(words, ordinal) ? 1 : 0;
        }
        bool more = frontier.TryPeek(out _) && !goal.IsEnough(frontier);
        Assert.True(more == next is not null, $"{where}: {rank} candidates and {hits} hits before the next, expanded {more}.");
        if (next is uint expected)
        {
            Assert.Equal(expected, frontier.TakeNext());
            expanded.Add(expected);
        }
    }

    private static bool IsAccepted(ulong[] words, uint ordinal) => (words[ordinal / 64] >> (int)(ordinal % 64) & 1) != 0;
}
