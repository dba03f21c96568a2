namespace SearchEngine.Collections.Storage;

/// <summary>What opening a section file verifies.</summary>
internal enum SectionCheck
{
    /// <summary>Head, footer, sizes and table: cost does not grow with the sections. Blocks are left to scrubbing.</summary>
    Structure,

    /// <summary>Every byte; for small files whose content is trusted at once.</summary>
    Everything,
}
