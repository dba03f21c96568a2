using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>One form for each place, and the cell it lies in.</summary>
internal static class GeoPlace
{
    public const int CellBits = 32;

    private const double CellsPerAxis = 4294967296.0;

    /// <summary>Zero without a sign, and -180 for the meridian that is also 180.</summary>
    public static GeoPoint Canonical(GeoPoint place) => new(
        place.Latitude == 0 ? 0.0 : place.Latitude,
        place.Longitude == 0 ? 0.0 : place.Longitude == 180 ? -180 : place.Longitude);

    /// <summary>The Morton code of the finest cell of a canonical place: bits of latitude (upper) and longitude interleaved.</summary>
    public static ulong Cell(GeoPoint place) =>
        (Spread(Index((place.Latitude + 90) / 180)) << 1) | Spread(Index((place.Longitude + 180) / 360));

    private static uint Index(double share) => (uint)Math.Clamp(share * CellsPerAxis, 0, uint.MaxValue);

    /// <summary>Moves bit i to bit 2i.</summary>
    private static ulong Spread(ulong bits)
    {
        bits = (bits | (bits << 16)) & 0x0000FFFF0000FFFF;
        bits = (bits | (bits << 8)) & 0x00FF00FF00FF00FF;
        bits = (bits | (bits << 4)) & 0x0F0F0F0F0F0F0F0F;
        bits = (bits | (bits << 2)) & 0x3333333333333333;
        return (bits | (bits << 1)) & 0x5555555555555555;
    }
}
