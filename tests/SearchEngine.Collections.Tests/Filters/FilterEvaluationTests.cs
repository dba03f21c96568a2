using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using Xunit;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>A filter selects the documents that its meaning says, whatever it is evaluated on.</summary>
public sealed class FilterEvaluationTests
{
    private const int FiltersPerSchema = 40;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Live_columns_agree_with_the_oracle(int seed)
    {
        var random = new RandomFilters(seed);
        CollectionSchema schema = random.Schema();
        List<Document> documents = random.Documents(schema, seed * 37 % 700);
        var rows = new FilteredRows(schema, documents);
        LiveColumns live = rows.Live();
        for (int i = 0; i < FiltersPerSchema; i++)
        {
            Filter filter = random.FilterWithBound(schema);
            int bound = i % 3 == 0 ? documents.Count * 2 / 3 : documents.Count;
            FilterChecks.Agrees($"live, seed {seed}, filter {i}", schema, filter, rows.Source(live, bound), rows.Expected(filter, bound));
        }
    }
}
