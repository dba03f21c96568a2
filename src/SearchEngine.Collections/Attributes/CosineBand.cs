namespace SearchEngine.Collections.Attributes;

/// <summary>
/// A circle in single precision: places whose direction has a dot product with the centre's of at least <see cref="Inside"/>
/// lie in it, below <see cref="Outside"/> they do not, and between the two only the exact test can tell.
/// </summary>
internal readonly record struct CosineBand(float X, float Y, float Z, float Outside, float Inside);
