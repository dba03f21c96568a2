using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Filters;

/// <summary>Checks a filter against a schema, limits first, and turns it into nodes.</summary>
internal sealed class FilterCompiler
{
    private readonly ConditionCompiler _conditions;
    private int _count;

    public FilterCompiler(CollectionSchema schema, UnindexedFilter unindexed) => _conditions = new ConditionCompiler(schema, unindexed);

    /// <summary>Whether a condition was seen that no index answers.</summary>
    public bool NeedsScan => _conditions.NeedsScan;

    public FilterNode Compile(Filter filter, string path) => Compile(filter, path, 1);

    private FilterNode Compile(Filter filter, string path, int depth)
    {
        if (depth > Filter.MaxDepth)
        {
            throw FilterErrors.Limit(path, $"Filters are nested {depth} deep: the limit is {Filter.MaxDepth}.", "Flatten the filter.");
        }
        _count += filter.Must.Count + filter.Should.Count + filter.MustNot.Count;
        if (_count > Filter.MaxConditions)
        {
            throw FilterErrors.Limit(
                path, $"The filter has more than {Filter.MaxConditions} conditions.",
                "Use any_of for alternatives of one attribute, or fewer conditions.");
        }
        if (filter.MinShould < 0 || filter.MinShould > filter.Should.Count)
        {
            throw FilterErrors.Invalid(
                $"{path}.min_should", $"{filter.MinShould} of {filter.Should.Count} conditions are to hold.",
                "Use 0 to the number of conditions in should.");
        }
        var members = new List<FilterNode>();
        members.AddRange(CompileAll(filter.Must, path, "must", depth));
        FilterNode[] should = [.. CompileAll(filter.Should, path, "should", depth)];
        if (should.Length > 0)
        {
            members.Add(FilterForm.AtLeast(Math.Max(1, filter.MinShould), should));
        }
        members.AddRange(CompileAll(filter.MustNot, path, "must_not", depth).Select(FilterForm.Not));
        return FilterForm.And(members);
    }

    private IEnumerable<FilterNode> CompileAll(IReadOnlyList<Condition> conditions, string path, string name, int depth)
    {
        for (int i = 0; i < conditions.Count; i++)
        {
            string at = $"{path}.{name}[{i}]";
            yield return conditions[i] switch
            {
                Condition.Matches nested => Compile(nested.Filter, $"{at}.filter", depth + 1),
                Condition condition => _conditions.Compile(condition, at),
                null => throw FilterErrors.Missing(at, "The condition is empty.", "Set exactly one kind of condition."),
            };
        }
    }
}
