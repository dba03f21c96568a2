namespace SearchEngine.Vectors.Files;

/// <summary>The ways in which a vector file can be unusable; each is a reason a program can act on.</summary>
public enum FileDamage
{
    /// <summary>The file or directory is not there.</summary>
    Missing,

    /// <summary>Shorter than one header page.</summary>
    TooShort,

    /// <summary>Not a vector file, or one that a text-mode transfer has changed.</summary>
    ForeignFormat,

    /// <summary>Written on a machine of the other byte order, or such a machine reads it.</summary>
    ByteOrder,

    /// <summary>A format version this program does not read.</summary>
    Version,

    /// <summary>The header does not match its checksum.</summary>
    Header,

    /// <summary>A vector file, but of another kind than asked for.</summary>
    Kind,

    /// <summary>Header fields contradict each other or exceed a limit.</summary>
    Contradiction,

    /// <summary>The file is longer or shorter than its header says.</summary>
    Size,

    /// <summary>The attachment does not match its checksum or cannot be read.</summary>
    Attachment,

    /// <summary>The list of block checksums does not match its own checksum.</summary>
    Trailer,

    /// <summary>A data block does not match its checksum.</summary>
    Block,

    /// <summary>A sound file that does not belong to this segment.</summary>
    ForeignSegment,
}
