namespace SearchEngine.Collections.Attributes;

/// <summary>
/// A rectangle of latitudes and longitudes: one of the 4^level parts that halving both axes level times gives. The bounds
/// are a little wider than the cell, so that rounding cannot put a place of the cell outside them.
/// </summary>
internal readonly struct GeoCell
{
    /// <summary>0.1 mm on the ground; rounding of coordinates is a thousand times less.</summary>
    private const double WideningDegrees = 1e-9;

    private readonly uint _latitudeIndex;
    private readonly uint _longitudeIndex;

    private GeoCell(int level, uint latitudeIndex, uint longitudeIndex)
    {
        Level = level;
        _latitudeIndex = latitudeIndex;
        _longitudeIndex = longitudeIndex;
        double size = Math.ScaleB(180.0, -level);
        South = -90 + size * latitudeIndex - WideningDegrees;
        North = -90 + size * (latitudeIndex + 1.0) + WideningDegrees;
        West = -180 + 2 * size * longitudeIndex - WideningDegrees;
        East = -180 + 2 * size * (longitudeIndex + 1.0) + WideningDegrees;
    }

    public static GeoCell World => new(0, 0, 0);

    public int Level { get; }

    public double South { get; }

    public double North { get; }

    public double West { get; }

    public double East { get; }

    /// <param name="quarter">0 to 3 in the order of Morton codes: 1 is the eastern half, 2 the northern.</param>
    public GeoCell Part(int quarter) =>
        new(Level + 1, (_latitudeIndex << 1) | (uint)(quarter >> 1), (_longitudeIndex << 1) | (uint)(quarter & 1));
}
