using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using Xunit;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>What holds for every evaluation of a filter.</summary>
internal static class FilterChecks
{
    public static void Agrees(string where, CollectionSchema schema, Filter filter, in FilterSource source, bool[] expected)
    {
        CompiledFilter compiled = CompiledFilter.Compile(filter, schema, UnindexedFilter.Scan);
        using RowSet rows = compiled.Evaluate(source);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.True(expected[row] == rows.Contains((uint)row), $"{where}: row {row} should be {(expected[row] ? "in" : "out")}: {Show(filter)}");
        }
        int count = expected.Count(static e => e);
        Assert.True(rows.Count() == count, $"{where}: bits behind the last row are set: {Show(filter)}");
        MatchEstimate estimate = compiled.Estimate(source);
        Assert.True(
            estimate.Least <= count && count <= estimate.Most && estimate.Least <= estimate.Likely && estimate.Likely <= estimate.Most,
            $"{where}: {count} rows match, estimated {estimate}: {Show(filter)}");
    }

    public static string Show(Filter filter) =>
        $"must({string.Join(", ", filter.Must.Select(Show))}) should {filter.MinShould}({string.Join(", ", filter.Should.Select(Show))}) "
        + $"not({string.Join(", ", filter.MustNot.Select(Show))})";

    private static string Show(Condition condition) => condition switch
    {
        Condition.Matches nested => $"[{Show(nested.Filter)}]",
        Condition.AnyOf any => $"{any.Attribute} in ({string.Join(", ", any.Values)})",
        Condition.IdIn ids => $"id in ({string.Join(", ", ids.Ids)})",
        _ => condition.ToString(),
    };
}
