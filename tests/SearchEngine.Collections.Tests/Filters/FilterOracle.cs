using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;

namespace SearchEngine.Collections.Tests.Filters;

/// <summary>What a filter means, document by document, from the contract alone.</summary>
internal static class FilterOracle
{
    private const double EarthRadiusMeters = 6_371_008.8;

    public static bool Matches(Filter filter, Document document)
    {
        int least = filter.Should.Count == 0 ? 0 : Math.Max(1, filter.MinShould);
        return filter.Must.All(c => Holds(c, document))
            && filter.Should.Count(c => Holds(c, document)) >= least
            && !filter.MustNot.Any(c => Holds(c, document));
    }

    private static bool Holds(Condition condition, Document document) => condition switch
    {
        Condition.EqualTo equal => Any(document, equal.Attribute, v => Same(v, equal.Value)),
        Condition.AnyOf any => Any(document, any.Attribute, v => any.Values.Any(w => Same(v, w))),
        Condition.Range range => Any(document, range.Attribute, v => Within(v, range)),
        Condition.WithinRadius radius => Any(document, radius.Attribute, v => Distance(v.Place, radius.Center) <= radius.RadiusMeters),
        Condition.WithinBox box => Any(document, box.Attribute, v => Within(v.Place, box)),
        Condition.Exists exists => Any(document, exists.Attribute, _ => true),
        Condition.IdIn ids => ids.Ids.Contains(document.Id),
        Condition.Matches nested => Matches(nested.Filter, document),
        _ => throw new ArgumentException($"{condition.GetType()} has no meaning.", nameof(condition)),
    };

    private static bool Any(Document document, string attribute, Func<AttributeValue, bool> holds)
    {
        if (!document.Attributes.TryGetValue(attribute, out AttributeValue value) || value.IsNull)
        {
            return false;
        }
        return value.IsArray ? value.Items.ToArray().Any(holds) : holds(value);
    }

    private static bool Same(AttributeValue left, AttributeValue right) => left.Type switch
    {
        Schema.AttributeType.Keyword => left.Keyword == right.Keyword,
        Schema.AttributeType.Float => left.Float == right.Float,
        Schema.AttributeType.Bool => left.Bool == right.Bool,
        Schema.AttributeType.GeoPoint => left.Place.Latitude == right.Place.Latitude
            && (left.Place.Longitude == right.Place.Longitude || Math.Abs(left.Place.Longitude - right.Place.Longitude) == 360),
        _ => left.Integer == right.Integer,
    };

    private static bool Within(AttributeValue value, Condition.Range range) =>
        (range.Above.IsNull || Compare(value, range.Above) > 0)
        && (range.AtLeast.IsNull || Compare(value, range.AtLeast) >= 0)
        && (range.Below.IsNull || Compare(value, range.Below) < 0)
        && (range.AtMost.IsNull || Compare(value, range.AtMost) <= 0);

    private static int Compare(AttributeValue left, AttributeValue right)
    {
        if (left.Type != Schema.AttributeType.Float)
        {
            return left.Integer.CompareTo(right.Integer);
        }
        return left.Float < right.Float ? -1 : left.Float > right.Float ? 1 : 0;
    }

    private static bool Within(GeoPoint place, Condition.WithinBox box)
    {
        bool Between(double longitude) => box.SouthWest.Longitude <= box.NorthEast.Longitude
            ? longitude >= box.SouthWest.Longitude && longitude <= box.NorthEast.Longitude
            : longitude >= box.SouthWest.Longitude || longitude <= box.NorthEast.Longitude;
        return place.Latitude >= box.SouthWest.Latitude && place.Latitude <= box.NorthEast.Latitude
            && (Between(place.Longitude) || (Math.Abs(place.Longitude) == 180 && Between(-place.Longitude)));
    }

    private static double Distance(GeoPoint a, GeoPoint b)
    {
        double Radians(double degrees) => degrees * Math.PI / 180;
        double north = Math.Sin(Radians(a.Latitude - b.Latitude) / 2);
        double east = Math.Sin(Radians(a.Longitude - b.Longitude) / 2);
        double h = north * north + Math.Cos(Radians(a.Latitude)) * Math.Cos(Radians(b.Latitude)) * east * east;
        return 2 * EarthRadiusMeters * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}
