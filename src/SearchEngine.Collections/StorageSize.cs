namespace SearchEngine.Collections;

/// <summary>The size of one component of what a collection stores, over all segments.</summary>
/// <param name="Component">"ids", "bodies", "attributes", "log", "live", and of each vector "vectors.NAME.links", "codes",
/// "signs", "truth", "other".</param>
/// <param name="Disk">Bytes in files.</param>
/// <param name="Mapped">Bytes mapped.</param>
/// <param name="Resident">Bytes in memory now.</param>
public sealed record StorageSize(string Component, long Disk, long Mapped, long Resident);
