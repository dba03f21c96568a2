namespace SearchEngine.Vectors.Files;

/// <summary>What the rows of a file are. The values are written to files: never renumber them.</summary>
public enum FileKind : ushort
{
    /// <summary>Exact rows in the caller's coordinates, for rescoring and for giving them back.</summary>
    Truth = 1,

    /// <summary>Byte codes for walking; the attachment is the calibration.</summary>
    Codes = 2,

    /// <summary>1-bit records.</summary>
    Signs = 3,

    /// <summary>Ground-level links; the attachment holds level counts and entry points.</summary>
    Links = 7,

    /// <summary>Links of the upper levels, level 1 first.</summary>
    UpperLinks = 8,

    /// <summary>Per row: its number in the build input.</summary>
    Sources = 10,

    /// <summary>Per row: scale and offset that correct an integer score.</summary>
    Corrections = 11,

    /// <summary>Per row: its length before normalising.</summary>
    Norms = 12,

    /// <summary>The list of the files of a segment; it has no rows, only the attachment.</summary>
    Segment = 13,

    /// <summary>Per row: the lengths of its declared prefixes as it is stored.</summary>
    PrefixNorms = 14,

    /// <summary>Links of one level of a graph that is being merged; the attachment says how far it has come.</summary>
    MergedLinks = 15,

    /// <summary>The distances of those links.</summary>
    MergedDistances = 16,
}
