namespace SearchEngine.Vectors.Graph;

/// <summary>Ordinals one after another, ascending. Implemented by structs, so that a scan is compiled for each of them.</summary>
internal interface IOrdinals
{
    bool TryTake(out uint ordinal);
}
