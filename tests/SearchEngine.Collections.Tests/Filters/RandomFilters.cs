using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>
/// Schemas, documents and filters of all kinds from one seed. Values come from small pools, so that conditions hit, with
/// extreme values among them.
/// </summary>
internal sealed class RandomFilters(int seed)
{
    private static readonly string[] Keywords = ["", "a", "b", "ab", "B", "ä", "中文", "𝄞", "\uFFFD", "zz", "red", "green", "blue", new string('x', 300)];
    private static readonly long[] Integers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, 100, long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1];
    private static readonly double[] Floats =
        [0.0, -0.0, double.Epsilon, -double.Epsilon, 1, -1, 1.5, 2, 2.5, 1e300, double.MaxValue, double.MinValue, 0.1, 0.2, 0.30000000000000004];
    private static readonly GeoPoint[] Places =
    [
        new(0, 0), new(-0.0, -0.0), new(90, 0), new(90, 77), new(-90, -12), new(0, 180), new(0, -180), new(12, 180), new(12, -180), new(52.52, 13.405),
        new(52.5200001, 13.405), new(-33.87, 151.21), new(40.71, -74.01), new(89.9999, 179.9999), new(-89.9999, -179.9999), new(1, 179.5), new(1, -179.5),
    ];

    private readonly Random _random = new(seed);

    public CollectionSchema Schema()
    {
        var attributes = new List<AttributeSchema>();
        for (int i = 0, count = _random.Next(1, 9); i < count; i++)
        {
            attributes.Add(new AttributeSchema
            {
                Name = $"attribute{i}",
                Type = (AttributeType)_random.Next(1, 7),
                IsArray = _random.Next(3) == 0,
                Index = (AttributeIndex)_random.Next(1, 5),
            });
        }
        return new CollectionSchema { Attributes = attributes };
    }

    public List<Document> Documents(CollectionSchema schema, int count)
    {
        // Per attribute: how often it is missing, and how many values of its pool occur.
        double[] missing = [.. schema.Attributes.Select(_ => _random.Next(3) == 0 ? 0 : _random.NextDouble())];
        int[] variety = [.. schema.Attributes.Select(_ => _random.Next(1, 40))];
        var documents = new List<Document>();
        for (int row = 0; row < count; row++)
        {
            var values = new Dictionary<string, AttributeValue>();
            for (int i = 0; i < schema.Attributes.Count; i++)
            {
                if (_random.NextDouble() >= missing[i])
                {
                    values[schema.Attributes[i].Name] = Value(schema.Attributes[i], variety[i]);
                }
                else if (_random.Next(2) == 0)
                {
                    values[schema.Attributes[i].Name] = AttributeValue.Null;
                }
            }
            documents.Add(new Document { Id = row % 2 == 0 ? (ulong)row : $"document {row}", Attributes = values });
        }
        return documents;
    }

    public Filter Filter(CollectionSchema schema, int depth = 3) => new()
    {
        Must = Conditions(schema, depth, _random.Next(3)),
        Should = Conditions(schema, depth, _random.Next(2) * _random.Next(5)),
        MustNot = Conditions(schema, depth, _random.Next(2)),
    };

    /// <summary>As <see cref="Filter"/>, with a bound on the alternatives.</summary>
    public Filter FilterWithBound(CollectionSchema schema)
    {
        Filter filter = Filter(schema);
        return filter with { MinShould = _random.Next(filter.Should.Count + 1) };
    }

    public Condition Condition(CollectionSchema schema, int depth)
    {
        if (depth > 0 && _random.Next(4) == 0)
        {
            return new Condition.Matches(Filter(schema, depth - 1));
        }
        if (_random.Next(12) == 0)
        {
            return new Condition.IdIn([.. Enumerable.Range(0, _random.Next(20)).Select(_ => Id())]);
        }
        AttributeSchema attribute = schema.Attributes[_random.Next(schema.Attributes.Count)];
        return _random.Next(4) switch
        {
            0 => new Condition.Exists(attribute.Name),
            1 when attribute.Type == AttributeType.GeoPoint => Radius(attribute.Name),
            2 when attribute.Type == AttributeType.GeoPoint => Box(attribute.Name),
            1 or 2 when attribute.Type is AttributeType.Integer or AttributeType.Float or AttributeType.Timestamp => Range(attribute),
            3 => new Condition.AnyOf(attribute.Name, [.. Enumerable.Range(0, _random.Next(20)).Select(_ => Element(attribute.Type, 40))]),
            _ => new Condition.EqualTo(attribute.Name, Element(attribute.Type, 40)),
        };
    }

    public AttributeValue Element(AttributeType type, int variety) => type switch
    {
        AttributeType.Keyword => AttributeValue.OfKeyword(Pick(Keywords, variety, i => $"keyword {i}")),
        AttributeType.Integer => AttributeValue.OfInteger(Pick(Integers, variety, i => i)),
        AttributeType.Float => AttributeValue.OfFloat(Pick(Floats, variety, i => i / 7.0)),
        AttributeType.Bool => AttributeValue.OfBool(_random.Next(2) == 0),
        AttributeType.Timestamp => AttributeValue.OfTimestamp(Pick(Integers, variety, i => i)),
        _ => AttributeValue.OfPlace(Pick(Places, variety, i => new GeoPoint(_random.NextDouble() * 180 - 90, _random.NextDouble() * 360 - 180))),
    };

    private AttributeValue Value(AttributeSchema attribute, int variety) => attribute.IsArray
        ? AttributeValue.ArrayOf(attribute.Type, [.. Enumerable.Range(0, _random.Next(5)).Select(_ => Element(attribute.Type, variety))])
        : Element(attribute.Type, variety);

    private T Pick<T>(T[] pool, int variety, Func<int, T> beyond)
    {
        int at = _random.Next(variety);
        return at < pool.Length ? pool[at] : beyond(at);
    }

    private DocumentId Id()
    {
        int row = _random.Next(1000);
        return row % 2 == 0 ? (ulong)row : $"document {row}";
    }

    private List<Condition> Conditions(CollectionSchema schema, int depth, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Condition(schema, depth))];

    private Condition.Range Range(AttributeSchema attribute)
    {
        AttributeValue low = Element(attribute.Type, 40);
        AttributeValue high = Element(attribute.Type, 40);
        return _random.Next(6) switch
        {
            0 => new Condition.Range(attribute.Name, Above: low),
            1 => new Condition.Range(attribute.Name, AtMost: high),
            2 => new Condition.Range(attribute.Name, Above: low, Below: high),
            3 => new Condition.Range(attribute.Name, AtLeast: low, Below: high),
            4 => new Condition.Range(attribute.Name, Above: low, AtMost: high),
            _ => new Condition.Range(attribute.Name, AtLeast: low, AtMost: high),
        };
    }

    private Condition.WithinRadius Radius(string attribute)
    {
        double[] radii = [0.01, 12_345.678, 1_234_567.8, 9_999_999.9, 10_111_111.1, 17_777_777.7, 20_015_000, 20_015_200, 1e12];
        return new Condition.WithinRadius(attribute, Element(AttributeType.GeoPoint, 30).Place, radii[_random.Next(radii.Length)]);
    }

    private Condition.WithinBox Box(string attribute)
    {
        GeoPoint a = Element(AttributeType.GeoPoint, 30).Place;
        GeoPoint b = Element(AttributeType.GeoPoint, 30).Place;
        double[] edges = [-180, 180, a.Longitude, b.Longitude];
        return new Condition.WithinBox(
            attribute,
            new GeoPoint(Math.Min(a.Latitude, b.Latitude), edges[_random.Next(4)]),
            new GeoPoint(Math.Max(a.Latitude, b.Latitude), edges[_random.Next(4)]));
    }
}
