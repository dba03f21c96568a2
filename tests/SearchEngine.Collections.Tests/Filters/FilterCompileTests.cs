using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using Xunit;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>A filter that is not one of the schema is refused with the path of what is wrong.</summary>
public sealed class FilterCompileTests
{
    private static readonly CollectionSchema Schema = new()
    {
        Attributes =
        [
            new AttributeSchema { Name = "word", Type = AttributeType.Keyword },
            new AttributeSchema { Name = "number", Type = AttributeType.Integer },
            new AttributeSchema { Name = "share", Type = AttributeType.Float },
            new AttributeSchema { Name = "place", Type = AttributeType.GeoPoint },
            new AttributeSchema { Name = "loose", Type = AttributeType.Integer, Index = AttributeIndex.None },
            new AttributeSchema { Name = "listed", Type = AttributeType.Integer, Index = AttributeIndex.Postings },
            new AttributeSchema { Name = "flag", Type = AttributeType.Bool },
        ],
    };

    public static TheoryData<string, Condition, CollectionError, string> Refused => new()
    {
        { "unknown attribute", Equal("nothing", AttributeValue.OfInteger(1)), CollectionError.FilterField, "filter.must[0].equal_to.attribute" },
        { "no attribute", Equal("", AttributeValue.OfInteger(1)), CollectionError.FieldRequired, "filter.must[0].equal_to.attribute" },
        { "no value", Equal("word", AttributeValue.Null), CollectionError.FieldRequired, "filter.must[0].equal_to.value" },
        { "wrong type", Equal("word", AttributeValue.OfInteger(1)), CollectionError.FilterType, "filter.must[0].equal_to.value" },
        { "a list", Equal("number", AttributeValue.ArrayOf(AttributeType.Integer)), CollectionError.FilterType, "filter.must[0].equal_to.value" },
        { "NaN", Equal("share", AttributeValue.OfFloat(double.NaN)), CollectionError.FieldInvalid, "filter.must[0].equal_to.value" },
        { "half a pair", Equal("word", AttributeValue.OfKeyword("a\uD800")), CollectionError.TextEncoding, "filter.must[0].equal_to.value" },
        { "long keyword", Equal("word", AttributeValue.OfKeyword(new string('ä', 2049))), CollectionError.LimitExceeded, "filter.must[0].equal_to.value" },
        {
            "wrong type in a set", new Condition.AnyOf("number", [AttributeValue.OfInteger(1), AttributeValue.OfFloat(2)]),
            CollectionError.FilterType, "filter.must[0].any_of.values[1]"
        },
        {
            "too many values", new Condition.AnyOf("number", [.. Enumerable.Range(0, Filter.MaxValues + 1).Select(i => AttributeValue.OfInteger(i))]),
            CollectionError.LimitExceeded, "filter.must[0].any_of"
        },
        { "no bound", new Condition.Range("number"), CollectionError.FieldRequired, "filter.must[0].range" },
        {
            "two lower bounds", new Condition.Range("number", Above: AttributeValue.OfInteger(1), AtLeast: AttributeValue.OfInteger(1)),
            CollectionError.FieldInvalid, "filter.must[0].range.above"
        },
        {
            "two upper bounds", new Condition.Range("number", Below: AttributeValue.OfInteger(1), AtMost: AttributeValue.OfInteger(1)),
            CollectionError.FieldInvalid, "filter.must[0].range.below"
        },
        { "bound of another type", new Condition.Range("number", AtLeast: AttributeValue.OfFloat(1)), CollectionError.FilterType, "filter.must[0].range.at_least" },
        { "infinite bound", new Condition.Range("share", AtMost: AttributeValue.OfFloat(double.PositiveInfinity)), CollectionError.FieldInvalid, "filter.must[0].range.at_most" },
        { "range of keywords", new Condition.Range("word", AtLeast: AttributeValue.OfKeyword("a")), CollectionError.FilterType, "filter.must[0].range" },
        { "range of bools", new Condition.Range("flag", AtLeast: AttributeValue.OfBool(true)), CollectionError.FilterType, "filter.must[0].range" },
        { "distance of numbers", new Condition.WithinRadius("number", new GeoPoint(0, 0), 1), CollectionError.FilterType, "filter.must[0].geo_radius" },
        { "no radius", new Condition.WithinRadius("place", new GeoPoint(0, 0), 0), CollectionError.FieldInvalid, "filter.must[0].geo_radius.radius_meters" },
        { "infinite radius", new Condition.WithinRadius("place", new GeoPoint(0, 0), double.PositiveInfinity), CollectionError.FieldInvalid, "filter.must[0].geo_radius.radius_meters" },
        { "off the globe", new Condition.WithinRadius("place", new GeoPoint(91, 0), 1), CollectionError.FieldInvalid, "filter.must[0].geo_radius.center.latitude" },
        { "NaN longitude", new Condition.WithinBox("place", new GeoPoint(0, 0), new GeoPoint(1, double.NaN)), CollectionError.FieldInvalid, "filter.must[0].geo_box.north_east.longitude" },
        { "box upside down", new Condition.WithinBox("place", new GeoPoint(2, 0), new GeoPoint(1, 0)), CollectionError.FieldInvalid, "filter.must[0].geo_box.north_east.latitude" },
        { "unknown in exists", new Condition.Exists("nothing"), CollectionError.FilterField, "filter.must[0].exists.attribute" },
        {
            "too many ids", new Condition.IdIn([.. Enumerable.Range(0, Filter.MaxValues + 1).Select(i => (DocumentId)(ulong)i)]),
            CollectionError.LimitExceeded, "filter.must[0].ids"
        },
        {
            "nested", new Condition.Matches(new Filter { Should = [new Condition.Exists("word"), new Condition.Exists("nothing")] }),
            CollectionError.FilterField, "filter.must[0].filter.should[1].exists.attribute"
        },
        { "nested bound", new Condition.Matches(new Filter { MinShould = 1 }), CollectionError.FieldInvalid, "filter.must[0].filter.min_should" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_is_wrong_is_named(string what, Condition condition, CollectionError error, string field)
    {
        var refusal = Assert.Throws<CollectionException>(() => Compile(new Filter { Must = [condition] }));
        Assert.True(error == refusal.Error && field == refusal.Field, $"{what}: {refusal.Error} at {refusal.Field}, expected {error} at {field}");
        Assert.NotEmpty(refusal.What);
        Assert.NotEmpty(refusal.Fix);
    }

    [Fact]
    public void Depth_and_number_of_conditions_are_limited()
    {
        Filter Nested(int depth) => depth == 1 ? new Filter { Must = [new Condition.Exists("word")] } : new Filter { Must = [new Condition.Matches(Nested(depth - 1))] };
        Compile(Nested(Filter.MaxDepth));
        Assert.Equal(CollectionError.LimitExceeded, Assert.Throws<CollectionException>(() => Compile(Nested(Filter.MaxDepth + 1))).Error);

        Filter Wide(int count) => new() { Must = [new Condition.Matches(new Filter { Should = [.. Enumerable.Repeat(new Condition.Exists("word"), count - 1)] })] };
        Compile(Wide(Filter.MaxConditions));
        Assert.Equal(CollectionError.LimitExceeded, Assert.Throws<CollectionException>(() => Compile(Wide(Filter.MaxConditions + 1))).Error);
    }

    [Fact]
    public void Strict_collections_refuse_what_no_index_answers()
    {
        (Condition Condition, bool IsAnswered)[] cases =
        [
            (Equal("loose", AttributeValue.OfInteger(1)), false),
            (new Condition.Exists("loose"), false),
            (Equal("listed", AttributeValue.OfInteger(1)), true),
            (new Condition.Range("listed", AtLeast: AttributeValue.OfInteger(1)), false),
            (new Condition.Range("number", AtLeast: AttributeValue.OfInteger(1)), true),
            (new Condition.Exists("listed"), true),
        ];
        foreach ((Condition condition, bool isAnswered) in cases)
        {
            var filter = new Filter { MustNot = [condition] };
            Assert.True(isAnswered != CompiledFilter.Compile(filter, Schema, UnindexedFilter.Scan).NeedsScan, $"{condition}: NeedsScan is wrong");
            if (isAnswered)
            {
                CompiledFilter.Compile(filter, Schema, UnindexedFilter.Refuse);
                continue;
            }
            var refusal = Assert.Throws<CollectionException>(() => CompiledFilter.Compile(filter, Schema, UnindexedFilter.Refuse));
            Assert.Equal(CollectionError.FilterUnindexed, refusal.Error);
            Assert.StartsWith("filter.must_not[0].", refusal.Field);
        }
    }

    [Fact]
    public void Hashes_are_of_the_meaning_that_structure_shows()
    {
        Condition[] one = [Equal("number", AttributeValue.OfInteger(1)), Equal("number", AttributeValue.OfInteger(2)), Equal("number", AttributeValue.OfInteger(3))];
        var any = new Condition.AnyOf("number", [AttributeValue.OfInteger(3), AttributeValue.OfInteger(1), AttributeValue.OfInteger(2), AttributeValue.OfInteger(1)]);
        var range = new Condition.Range("number", AtLeast: AttributeValue.OfInteger(1), Below: AttributeValue.OfInteger(4));
        Filter[] equal =
        [
            new() { Should = one },
            new() { Should = [.. one.Reverse()] },
            new() { Must = [any] },
            new() { Must = [range, range] },
            new() { MustNot = [new Condition.Matches(new Filter { MustNot = [range] })] },
            new() { Must = [new Condition.Matches(new Filter { Should = [range, any], MinShould = 2 })] },
        ];
        FilterKey key = Compile(equal[0]).Key;
        foreach (Filter filter in equal)
        {
            Assert.True(key.Equals(Compile(filter).Key), $"the key differs from that of the same condition: {FilterChecks.Show(filter)}");
        }
        Filter[] others =
        [
            new() { MustNot = [range] },
            new() { Must = [new Condition.Range("number", AtLeast: AttributeValue.OfInteger(1), AtMost: AttributeValue.OfInteger(4))] },
            new() { Must = [new Condition.Range("listed", AtLeast: AttributeValue.OfInteger(1), Below: AttributeValue.OfInteger(4))] },
            new() { Must = [range, new Condition.Exists("word")] },
            new() { Should = [range, new Condition.Exists("word")] },
            Filter.All,
            new() { MustNot = [new Condition.Matches(Filter.All)] },
        ];
        HashSet<FilterKey> distinct = [key, .. others.Select(f => Compile(f).Key)];
        Assert.Equal(others.Length + 1, distinct.Count);
    }

    [Fact]
    public void Empty_ranges_and_sets_match_nothing_and_empty_filters_everything()
    {
        Assert.True(Compile(Filter.All).IsAll);
        Assert.True(Compile(new Filter { Must = [new Condition.Matches(Filter.All)] }).IsAll);
        FilterKey none = Compile(new Filter { Must = [new Condition.AnyOf("word", [])] }).Key;
        Condition[] empty =
        [
            new Condition.IdIn([]),
            new Condition.Range("number", AtLeast: AttributeValue.OfInteger(5), AtMost: AttributeValue.OfInteger(4)),
            new Condition.Range("number", Above: AttributeValue.OfInteger(long.MaxValue)),
            new Condition.Range("number", Below: AttributeValue.OfInteger(long.MinValue)),
            new Condition.Range("share", Above: AttributeValue.OfFloat(0), Below: AttributeValue.OfFloat(double.Epsilon)),
        ];
        foreach (Condition condition in empty)
        {
            Assert.True(none.Equals(Compile(new Filter { Must = [condition] }).Key), $"{condition} is not known to be empty");
        }
    }

    private static Condition.EqualTo Equal(string attribute, AttributeValue value) => new(attribute, value);

    private static CompiledFilter Compile(Filter filter) => CompiledFilter.Compile(filter, Schema, UnindexedFilter.Scan);
}
