namespace SearchEngine.Collections.Snapshots;

/// <summary>A snapshot: the durable files of a collection as of one write.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Collection">The collection it was taken of.</param>
/// <param name="Directory">Where it stands.</param>
/// <param name="Bytes">Size of its files.</param>
/// <param name="ManifestSha256">Of its list of files, which holds their checksums; in hexadecimal digits.</param>
public sealed record SnapshotDescription(
    string Name, string Collection, string Directory, DateTimeOffset Taken, ulong Sequence, long Documents, long Bytes,
    string ManifestSha256)
{
    /// <summary>What is wrong with it; null as far as is known without reading it all.</summary>
    public string? Damage { get; init; }
}
