using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Graph;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

public sealed class CandidatePoolTests
{
    /// <summary>Against a plain sorted list: kept entries, their order, and which candidate is expanded next.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 20)]
    [InlineData(40, 40)]
    [InlineData(100, 130)]
    public void ThePoolAgreesWithASortedListAtEveryStep(int breadth, int capacity)
    {
        var pool = new CandidatePool();
        for (ulong round = 0; round < 20; round++)
        {
            pool.Reset(breadth, capacity);
            var model = new List<(int Score, uint Ordinal, bool Expanded)>();
            var random = new CounterRandom(1, 1, round);
            for (uint ordinal = 0; ordinal < 1_000; ordinal++)
            {
                int score = (int)(random.Next() % 500) - 250;
                if (model.Count < capacity || score > model[^1].Score)
                {
                    pool.Offer(score, ordinal);
                    model.Add((score, ordinal, false));
                    model = [.. model.OrderByDescending(e => e.Score).ThenByDescending(e => e.Ordinal).Take(capacity)];
                }
                if (random.Next() % 3 == 0)
                {
                    pool.Peek();
                }
                if (random.Next() % 4 == 0)
                {
                    ExpandBoth(pool, model, breadth, ordinal);
                }
            }
            Assert.Equal(model.Count, pool.Count);
            for (int i = 0; i < model.Count; i++)
            {
                Assert.True(
                    model[i].Score == pool.ScoreAt(i) && model[i].Ordinal == pool.OrdinalAt(i), $"round {round}: position {i} differs from the sorted list");
            }
        }
    }

    private static void ExpandBoth(CandidatePool pool, List<(int Score, uint Ordinal, bool Expanded)> model, int breadth, uint step)
    {
        int next = model.Take(breadth).ToList().FindIndex(e => !e.Expanded);
        Assert.Equal(next >= 0, pool.TryFindNext());
        if (next >= 0)
        {
            Assert.True(model[next].Ordinal == pool.TakeNext(), $"step {step}: another candidate was expanded than the best unexpanded one");
            model[next] = model[next] with { Expanded = true };
        }
    }
}
