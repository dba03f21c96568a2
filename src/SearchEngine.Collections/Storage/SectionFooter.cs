namespace SearchEngine.Collections.Storage;

/// <summary>The last bytes of a section file: where everything is.</summary>
internal readonly record struct SectionFooter(
    long FileBytes, long TableOffset, int Sections, int Blocks, ulong TableChecksum, ulong HeadChecksum)
{
    /// <summary>An entry per section, then a checksum per block.</summary>
    public long TableBytes => ((long)Sections * SectionFormat.EntryBytes) + ((long)Blocks * sizeof(ulong));
}
