using Xunit;

namespace SearchEngine.Collections.Tests;

/// <summary>A set of rows behaves as a set, whatever the last word holds.</summary>
public sealed class RowSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void Inverting_none_gives_all_and_nothing_beyond(int rows)
    {
        using RowSet set = RowSet.None(rows);
        set.Invert();
        using RowSet all = RowSet.All(rows);
        Assert.True(set.Words.SequenceEqual(all.Words), $"{rows} rows: the inverse of none is not all; suspect the last word");
        Assert.Equal(rows, set.Count());
        set.Invert();
        Assert.Equal(0, set.Count());
    }

    [Fact]
    public void Algebra_agrees_with_hash_sets()
    {
        const int Rows = 333;
        var random = new Random(7);
        for (int round = 0; round < 50; round++)
        {
            (RowSet left, HashSet<uint> leftRows) = Random(random, Rows);
            (RowSet right, HashSet<uint> rightRows) = Random(random, Rows);
            Check("And", left, leftRows, right, rightRows, (a, b) => a.And(b.Words), (a, b) => a.IntersectWith(b));
            Check("Or", left, leftRows, right, rightRows, (a, b) => a.Or(b.Words), (a, b) => a.UnionWith(b));
            Check("AndNot", left, leftRows, right, rightRows, (a, b) => a.AndNot(b.Words), (a, b) => a.ExceptWith(b));
            left.Dispose();
            right.Dispose();
        }
    }

    private static void Check(
        string name, RowSet left, HashSet<uint> leftRows, RowSet right, HashSet<uint> rightRows, Action<RowSet, RowSet> act, Action<HashSet<uint>, HashSet<uint>> expect)
    {
        using RowSet result = left.Copy();
        act(result, right);
        var expected = new HashSet<uint>(leftRows);
        expect(expected, rightRows);
        for (uint row = 0; row < (uint)result.Rows; row++)
        {
            Assert.True(expected.Contains(row) == result.Contains(row), $"{name}: row {row} is wrong");
        }
        Assert.Equal(expected.Count, result.Count());
    }

    private static (RowSet Set, HashSet<uint> Rows) Random(Random random, int rows)
    {
        RowSet set = RowSet.None(rows);
        var held = new HashSet<uint>();
        for (int i = random.Next(rows); i > 0; i--)
        {
            uint row = (uint)random.Next(rows);
            set.Add(row);
            held.Add(row);
        }
        return (set, held);
    }
}
