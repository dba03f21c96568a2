namespace SearchEngine.Vectors.Graph;

/// <summary>A possible link and its squared distance, in the units of the space the graph is built in.</summary>
internal readonly record struct Neighbour(uint Ordinal, float Distance) : IComparable<Neighbour>
{
    /// <summary>Nearer first; equal distances by ordinal, so that every build chooses the same links.</summary>
    public int CompareTo(Neighbour other)
    {
        int order = Distance.CompareTo(other.Distance);
        return order != 0 ? order : Ordinal.CompareTo(other.Ordinal);
    }
}
