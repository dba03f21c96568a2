using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Filters;

/// <summary>One condition of a filter.</summary>
public abstract record Condition
{
    private Condition()
    {
    }

    /// <summary>The attribute has this value.</summary>
    public sealed record EqualTo(string Attribute, AttributeValue Value) : Condition;

    /// <summary>The attribute has one of these values, all of its type. No values, no match.</summary>
    public sealed record AnyOf(string Attribute, IReadOnlyList<AttributeValue> Values) : Condition;

    /// <summary>The attribute (integer, float, timestamp) lies in a range with at least one bound; a null bound is none.</summary>
    public sealed record Range(
        string Attribute,
        AttributeValue Above = default,
        AttributeValue AtLeast = default,
        AttributeValue Below = default,
        AttributeValue AtMost = default) : Condition;

    /// <summary>The place lies within a great-circle distance on a sphere of 6,371,008.8 m.</summary>
    public sealed record WithinRadius(string Attribute, GeoPoint Center, double RadiusMeters) : Condition;

    /// <summary>The place lies in a box, borders included. West greater than east crosses the antimeridian.</summary>
    public sealed record WithinBox(string Attribute, GeoPoint SouthWest, GeoPoint NorthEast) : Condition;

    /// <summary>The attribute has a value; an empty array is none.</summary>
    public sealed record Exists(string Attribute) : Condition;

    /// <summary>The document's id is one of these.</summary>
    public sealed record IdIn(IReadOnlyList<DocumentId> Ids) : Condition;

    /// <summary>A nested filter.</summary>
    public sealed record Matches(Filter Filter) : Condition;
}
