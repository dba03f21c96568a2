namespace SearchEngine.Collections.Attributes;

/// <summary>How a cell stands to a shape.</summary>
internal enum GeoRelation
{
    Outside,
    Crossing,
    Inside,
}
