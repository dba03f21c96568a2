namespace SearchEngine.Collections;

/// <summary>What a scrub has read and found.</summary>
/// <param name="Damage">Each block that does not match its checksum, or file that cannot be read.</param>
/// <param name="Blocks">Blocks that were read and checked.</param>
/// <param name="Bytes">Their bytes; headers and checksums are read besides.</param>
public sealed record ScrubReport(IReadOnlyList<Quarantined> Damage, long Blocks, long Bytes);
