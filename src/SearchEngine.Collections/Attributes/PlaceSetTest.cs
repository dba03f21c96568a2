using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>The place is one of a set, by its coordinates.</summary>
internal sealed class PlaceSetTest : ValueTest
{
    private readonly HashSet<GeoPoint> _set;
    private readonly GeoPoint[] _places;

    public PlaceSetTest(IEnumerable<GeoPoint> places)
    {
        _set = [.. places.Select(GeoPlace.Canonical)];
        _places = [.. _set.OrderBy(GeoPlace.Cell).ThenBy(static p => p.Latitude).ThenBy(static p => p.Longitude)];
    }

    /// <summary>Canonical, distinct, ascending by cell.</summary>
    public ReadOnlySpan<GeoPoint> Places => _places;

    public override TestKind Kind => TestKind.Equality;

    public override bool IsEmpty => _places.Length == 0;

    public bool Holds(GeoPoint canonical) => _set.Contains(canonical);

    public override bool Holds(AttributeType type, scoped in BodyItem item) => Holds(GeoPlace.Canonical(item.Place));

    public override ValueTest UnionOf(IReadOnlyList<ValueTest> tests) =>
        tests.Count == 1 ? tests[0] : new PlaceSetTest(tests.SelectMany(static t => ((PlaceSetTest)t)._places));

    public override void WriteTo(BinaryWriter writer)
    {
        writer.Write(_places.Length);
        foreach (GeoPoint place in _places)
        {
            writer.Write(place.Latitude);
            writer.Write(place.Longitude);
        }
    }
}
