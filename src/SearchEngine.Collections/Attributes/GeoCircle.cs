using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>The places within a great-circle distance of a centre, by the haversine formula on a sphere.</summary>
internal sealed class GeoCircle : GeoShape
{
    public const double EarthRadiusMeters = 6_371_008.8;

    private const double RadiansPerDegree = Math.PI / 180;

    /// <summary>Cosines are compared with this margin; cells within it of the border are tested place by place.</summary>
    private const double CosineMargin = 1e-13;

    private readonly GeoPoint _center;
    private readonly double _radiusMeters;
    private readonly double _reachDegrees;
    private readonly double _limit;
    private readonly double _latitude;
    private readonly double _longitude;
    private readonly double _sinLatitude;
    private readonly double _cosLatitude;
    private readonly double _cosRadius;
    private readonly bool _isWhole;

    /// <param name="center">Canonical.</param>
    /// <param name="radiusMeters">Above 0; half the circumference and more is the whole earth.</param>
    public GeoCircle(GeoPoint center, double radiusMeters)
    {
        _center = center;
        _radiusMeters = radiusMeters;
        double angle = Math.Min(radiusMeters / EarthRadiusMeters, Math.PI);
        _isWhole = angle >= Math.PI;
        _reachDegrees = angle / RadiansPerDegree * (1 + 1e-12) + 1e-12;
        double half = Math.Sin(angle / 2);
        _limit = half * half;
        _latitude = center.Latitude * RadiansPerDegree;
        _longitude = center.Longitude * RadiansPerDegree;
        (_sinLatitude, _cosLatitude) = Math.SinCos(_latitude);
        _cosRadius = Math.Cos(angle);
    }

    /// <summary>
    /// The circle in single precision. Directions and centre are off by at most 6e-8 per coordinate and the sum rounds a few
    /// times as much; the margin is well above both.
    /// </summary>
    public CosineBand Band
    {
        get
        {
            const double Margin = 1e-6;
            double outside = _isWhole ? double.NegativeInfinity : _cosRadius - Margin;
            double inside = _isWhole ? double.NegativeInfinity : _cosRadius + Margin;
            return new CosineBand(
                (float)(_cosLatitude * Math.Cos(_longitude)), (float)(_cosLatitude * Math.Sin(_longitude)), (float)_sinLatitude,
                (float)outside, (float)inside);
        }
    }

    public override bool Contains(GeoPoint place)
    {
        if (_isWhole)
        {
            return true;
        }
        if (Math.Abs(place.Latitude - _center.Latitude) > _reachDegrees)
        {
            return false;
        }
        double latitude = place.Latitude * RadiansPerDegree;
        double north = Math.Sin((latitude - _latitude) / 2);
        double east = Math.Sin((place.Longitude * RadiansPerDegree - _longitude) / 2);
        return north * north + _cosLatitude * Math.Cos(latitude) * east * east <= _limit;
    }

    public override GeoRelation Relate(in GeoCell cell)
    {
        if (_isWhole)
        {
            return GeoRelation.Inside;
        }
        if (GreatestCosine(cell, _sinLatitude, _center.Longitude) < _cosRadius - CosineMargin)
        {
            return GeoRelation.Outside;
        }
        // The farthest place of the cell is the one nearest to the point opposite of the centre.
        double opposite = _center.Longitude < 0 ? _center.Longitude + 180 : _center.Longitude - 180;
        return -GreatestCosine(cell, -_sinLatitude, opposite) > _cosRadius + CosineMargin ? GeoRelation.Inside : GeoRelation.Crossing;
    }

    public override void WriteTo(BinaryWriter writer)
    {
        writer.Write((byte)'c');
        writer.Write(_center.Latitude);
        writer.Write(_center.Longitude);
        writer.Write(_radiusMeters);
    }

    /// <summary>
    /// The cosine of the angle between a point and the nearest place of a cell. On one meridian the cosine is
    /// a * sin(latitude) + b * cos(latitude), a wave with a single crest; the nearest place lies on the point's own meridian
    /// where the cell has it, else on one of its two sides.
    /// </summary>
    private double GreatestCosine(in GeoCell cell, double sinLatitude, double longitude)
    {
        double south = Math.Max(cell.South, -90) * RadiansPerDegree;
        double north = Math.Min(cell.North, 90) * RadiansPerDegree;
        bool faces = (longitude >= cell.West && longitude <= cell.East) || (longitude + 360 <= cell.East) || (longitude - 360 >= cell.West);
        if (faces)
        {
            return OnMeridian(sinLatitude, _cosLatitude, south, north);
        }
        double west = _cosLatitude * Math.Cos((cell.West - longitude) * RadiansPerDegree);
        double east = _cosLatitude * Math.Cos((cell.East - longitude) * RadiansPerDegree);
        return Math.Max(OnMeridian(sinLatitude, west, south, north), OnMeridian(sinLatitude, east, south, north));
    }

    private static double OnMeridian(double a, double b, double south, double north)
    {
        double crest = Math.Atan2(a, b);
        if (crest >= south && crest <= north)
        {
            return Math.Sqrt(a * a + b * b);
        }
        (double sinSouth, double cosSouth) = Math.SinCos(south);
        (double sinNorth, double cosNorth) = Math.SinCos(north);
        return Math.Max(a * sinSouth + b * cosSouth, a * sinNorth + b * cosNorth);
    }
}
