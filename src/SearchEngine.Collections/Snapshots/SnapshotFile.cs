namespace SearchEngine.Collections.Snapshots;

/// <summary>A file of a snapshot.</summary>
/// <param name="Path">Relative to the snapshot, with '/'.</param>
internal sealed record SnapshotFile(string Path, long Length, ulong Checksum);
