using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>A box of latitudes and longitudes, borders included. West greater than east crosses the antimeridian.</summary>
internal sealed class GeoBox(GeoPoint southWest, GeoPoint northEast) : GeoShape
{
    private readonly double _south = southWest.Latitude;
    private readonly double _north = northEast.Latitude;
    private readonly double _west = southWest.Longitude;
    private readonly double _east = northEast.Longitude;

    private bool CrossesAntimeridian => _west > _east;

    public override bool Contains(GeoPoint place) =>
        place.Latitude >= _south && place.Latitude <= _north
        && (ContainsLongitude(place.Longitude) || (place.Longitude == -180 && ContainsLongitude(180)));

    public override GeoRelation Relate(in GeoCell cell)
    {
        if (cell.North < _south || cell.South > _north)
        {
            return GeoRelation.Outside;
        }
        // The meridian 180 is stored as -180, in the westernmost cells: those are never outside of a box that ends at 180.
        bool meridian = _east == 180 && cell.West <= -180;
        bool outside = CrossesAntimeridian
            ? cell.West > _east && cell.East < _west
            : cell.East < _west || cell.West > _east;
        if (outside)
        {
            return meridian ? GeoRelation.Crossing : GeoRelation.Outside;
        }
        // Widened bounds reach beyond the globe at its edges, where there are no places.
        double west = Math.Max(cell.West, -180);
        double east = Math.Min(cell.East, 180);
        bool inside = CrossesAntimeridian ? west >= _west || east <= _east : west >= _west && east <= _east;
        return inside && Math.Max(cell.South, -90) >= _south && Math.Min(cell.North, 90) <= _north
            ? GeoRelation.Inside
            : GeoRelation.Crossing;
    }

    public override void WriteTo(BinaryWriter writer)
    {
        writer.Write((byte)'b');
        writer.Write(_south);
        writer.Write(_north);
        writer.Write(_west);
        writer.Write(_east);
    }

    private bool ContainsLongitude(double longitude) => CrossesAntimeridian
        ? longitude >= _west || longitude <= _east
        : longitude >= _west && longitude <= _east;
}
