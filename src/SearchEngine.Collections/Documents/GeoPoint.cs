namespace SearchEngine.Collections.Documents;

/// <summary>A place, in degrees: latitude -90 to 90, longitude -180 to 180.</summary>
public readonly record struct GeoPoint(double Latitude, double Longitude);
