using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Filters;

/// <summary>The pool of a walk that keeps accepted rows, against a list that is sorted and cut anew for every candidate.</summary>
public sealed class AcceptedRowsTests
{
    private const int Rows = 400;

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.3)]
    [InlineData(0.03)]
    public void ThePoolHoldsTheBreadthAndEnoughAcceptedRowsAndKnowsTheLastHit(double share)
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
            var accept = new AcceptBits(words);
            scratch.Reset(most + 1, most + 1);
            scratch.Pool.Offer(-1000, 0);
            var policy = new AcceptedRows(
                accept, scratch.Watch, scratch.Pool, breadth, enough, most, hits, new HitReach(1, 1, share), patience: int.MaxValue);
            var model = new List<(int Score, uint Ordinal)> { (-1000, 0) };
            StopRule stop = StopRule.Adaptive(hits, 0, 0);
            int bound = int.MinValue;
            for (uint ordinal = 1; ordinal < Rows; ordinal++)
            {
                int score = (int)(random.Uniform() * 1000) - 1000;
                if (score <= bound)
                {
                    continue;
                }
                bound = policy.Kept(scratch.Pool, scratch.Pool.Offer(score, ordinal), ordinal, bound);
                model.Add((score, ordinal));
                Cut(model, words, breadth, enough, most);
                Assert.Equal(model.Select(m => m.Ordinal), Enumerable.Range(0, scratch.Pool.Count).Select(scratch.Pool.OrdinalAt));
                (int Score, uint Ordinal)[] accepted = [.. model.Where(m => IsAccepted(words, m.Ordinal))];
                bool isKnown = policy.TryGetThreshold(scratch.Pool, stop, out int threshold);
                Assert.True(
                    isKnown == accepted.Length >= hits && (!isKnown || threshold == accepted[hits - 1].Score),
                    $"Round {round}, row {ordinal}: {accepted.Length} accepted rows of {hits} wanted, last hit known {isKnown} at {threshold}.");
            }
        }
    }

    private static void Cut(List<(int Score, uint Ordinal)> model, ulong[] words, int breadth, int enough, int most)
    {
        model.Sort((a, b) => b.CompareTo(a));
        while (model.Count > breadth)
        {
            int others = model.Take(model.Count - 1).Count(m => IsAccepted(words, m.Ordinal));
            if (others < enough && model.Count <= most)
            {
                return;
            }
            model.RemoveAt(model.Count - 1);
        }
    }

    private static bool IsAccepted(ulong[] words, uint ordinal) => (words[ordinal / 64] >> (int)(ordinal % 64) & 1) != 0;
}
