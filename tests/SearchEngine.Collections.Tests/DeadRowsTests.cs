using SearchEngine.Collections.Views;
using Xunit;

namespace SearchEngine.Collections.Tests;

/// <summary>Dead rows are sets that earlier holders never see changed.</summary>
public sealed class DeadRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(4_095)]
    [InlineData(4_097)]
    [InlineData(20_000)]
    public void Each_generation_keeps_what_it_saw(int rows)
    {
        var random = new Random(rows);
        var generations = new List<(DeadRows Dead, HashSet<uint> Expected)> { (DeadRows.None(rows), []) };
        for (int i = 0; i < 20; i++)
        {
            (DeadRows last, HashSet<uint> expected) = generations[^1];
            uint[] more = [.. Enumerable.Range(0, random.Next(1, 50)).Select(_ => (uint)random.Next(rows))];
            generations.Add((last.With(more), [.. expected, .. more]));
        }
        foreach ((DeadRows dead, HashSet<uint> expected) in generations)
        {
            Assert.Equal(expected.Count, dead.Count);
            using RowSet alive = RowSet.All(rows);
            dead.RemoveFrom(alive.Bits);
            DeadRows again = DeadRows.Of(rows, dead.ToWords());
            for (uint row = 0; row < (uint)rows; row++)
            {
                bool isDead = expected.Contains(row);
                Assert.True(
                    isDead == dead.Contains(row) && isDead == !alive.Contains(row) && isDead == again.Contains(row), $"row {row} of {rows}; suspect a shared chunk");
            }
        }
    }
}
