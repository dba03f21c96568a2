using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Graph;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

public sealed class CandidatePoolTests
{
    /// <summary>Against a plain sorted list: kept entries and their order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(130)]
    public void ThePoolAgreesWithASortedListAtEveryStep(int capacity)
    {
        var pool = new CandidatePool();
        for (ulong round = 0; round < 20; round++)
        {
            pool.Reset(capacity);
            var model = new List<(int Score, uint Ordinal)>();
            var random = new CounterRandom(1, 1, round);
            for (uint ordinal = 0; ordinal < 1_000; ordinal++)
            {
                int score = (int)(random.Next() % 500) - 250;
                pool.OfferIfBetter(score, ordinal);
                model.Add((score, ordinal));
                model = [.. model.OrderByDescending(e => e.Score).ThenByDescending(e => e.Ordinal).Take(capacity)];
                Assert.Equal(model.Count, pool.Count);
                Assert.Equal(model.Count == capacity, pool.IsFull);
                Assert.Equal(model[^1].Score, pool.WorstScore);
            }
            for (int i = 0; i < model.Count; i++)
            {
                Assert.True(
                    model[i].Score == pool.ScoreAt(i) && model[i].Ordinal == pool.OrdinalAt(i), $"round {round}: position {i} differs from the sorted list");
            }
        }
    }
}
