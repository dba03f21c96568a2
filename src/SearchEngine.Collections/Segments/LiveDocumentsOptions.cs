namespace SearchEngine.Collections.Segments;

/// <summary>How live documents are kept.</summary>
internal sealed record LiveDocumentsOptions
{
    /// <summary>Documents that can ever be appended, dead ones included. Memory is taken as they come.</summary>
    public int Capacity { get; init; } = 262_144;

    /// <summary>From so many vectors on there are codes and a graph; below, searches scan.</summary>
    public int CalibrationRows { get; init; } = 4_096;

    /// <summary>Threads that link vectors at one moment, at most; also those of a freeze unless it says otherwise.</summary>
    public int LinkThreads { get; init; } = Environment.ProcessorCount;
}
