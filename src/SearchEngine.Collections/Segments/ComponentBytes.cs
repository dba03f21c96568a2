namespace SearchEngine.Collections.Segments;

/// <summary>What one part of a segment takes.</summary>
/// <param name="Component">"ids", "bodies", "attributes", "words", "weights", "multis", "vectors.NAME.truth", ".codes", ".signs", ".links", ".other".</param>
/// <param name="Disk">Bytes of its files.</param>
/// <param name="Mapped">Of these, mapped into the process.</param>
/// <param name="Resident">Bytes in memory now, the page cache's or the process's own.</param>
internal readonly record struct ComponentBytes(string Component, long Disk, long Mapped, long Resident);
