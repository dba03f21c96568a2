using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>Filters that mean the same give the same bits, however they are written and wherever they are evaluated.</summary>
public sealed class FilterEquivalenceTests
{
    private const int Rows = 3000;
    private const int Values = 60;

    [Theory]
    [InlineData(false, AttributeIndex.Auto)]
    [InlineData(true, AttributeIndex.Auto)]
    [InlineData(false, AttributeIndex.Postings)]
    [InlineData(false, AttributeIndex.None)]
    public void Range_set_alternatives_and_double_negation_select_the_same_rows(bool isArray, AttributeIndex index)
    {
        var random = new Random(31);
        var schema = new CollectionSchema
        {
            Attributes = [new AttributeSchema { Name = "number", Type = AttributeType.Integer, IsArray = isArray, Index = index }],
        };
        List<Document> documents = [.. Enumerable.Range(0, Rows).Select(i => new Document
        {
            Id = (ulong)i,
            Attributes = random.Next(9) == 0 ? [] : new Dictionary<string, AttributeValue> { ["number"] = Value(random, isArray) },
        })];
        var rows = new FilteredRows(schema, documents);
        using var directory = new TempDirectory();
        using SegmentAttributes segment = rows.Segment(directory.Path, schema);
        IAttributeReader[] readers = [segment, rows.Live()];
        for (int round = 0; round < 40; round++)
        {
            int low = random.Next(-1, Values);
            int high = random.Next(low, Values + 1);
            Filter[] equal = Written(low, high);
            using RowSet expected = CompiledFilter.Compile(equal[0], schema, UnindexedFilter.Scan).Evaluate(rows.Source(readers[0], Rows));
            foreach (IAttributeReader reader in readers)
            {
                for (int i = 0; i < equal.Length; i++)
                {
                    using RowSet set = CompiledFilter.Compile(equal[i], schema, UnindexedFilter.Scan).Evaluate(rows.Source(reader, Rows));
                    Assert.True(
                        expected.Words.SequenceEqual(set.Words),
                        $"{reader.GetType().Name}, {low}..{high}: {set.Count()} rows by form {i}, {expected.Count()} by form 0: {FilterChecks.Show(equal[i])}");
                }
            }
        }
    }

    private static AttributeValue Value(Random random, bool isArray)
    {
        AttributeValue One() => AttributeValue.OfInteger(random.Next(Values));
        return isArray ? AttributeValue.ArrayOf(AttributeType.Integer, [.. Enumerable.Range(0, random.Next(5)).Select(_ => One())]) : One();
    }

    /// <summary>The numbers from low to high, in every way there is to say so.</summary>
    private static Filter[] Written(int low, int high)
    {
        AttributeValue Number(long number) => AttributeValue.OfInteger(number);
        Condition[] each = [.. Enumerable.Range(low, high - low + 1).Select(i => new Condition.EqualTo("number", Number(i)))];
        var range = new Condition.Range("number", AtLeast: Number(low), AtMost: Number(high));
        return
        [
            new Filter { Must = [range] },
            new Filter { Must = [new Condition.Range("number", Above: Number(low - 1), Below: Number(high + 1))] },
            new Filter { Must = [new Condition.AnyOf("number", [.. Enumerable.Range(low, high - low + 1).Select(i => Number(i))])] },
            new Filter { Should = each },
            new Filter { MustNot = [new Condition.Matches(new Filter { MustNot = [range] })] },
            new Filter { MustNot = [new Condition.Matches(new Filter { MustNot = each.Length == 1 ? each : [new Condition.Matches(new Filter { Should = each })] })] },
            new Filter { Should = [range, range, new Condition.AnyOf("number", [])], MinShould = 2 },
            new Filter { Must = [range, new Condition.Exists("number")] },
            new Filter { Should = [range, new Condition.Matches(new Filter { Must = [range, new Condition.EqualTo("number", Number(low))] })] },
        ];
    }
}
