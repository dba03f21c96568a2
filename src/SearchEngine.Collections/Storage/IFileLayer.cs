namespace SearchEngine.Collections.Storage;

/// <summary>
/// Every file operation that durability rests on, so that tests can fail or reorder each one. Any thread; one writer per
/// file. A full disk is a <see cref="CollectionException"/> (DiskReserve), any other failure an <see cref="IOException"/>.
/// </summary>
internal interface IFileLayer
{
    /// <summary>A new, empty file; what had the name before is cut to nothing.</summary>
    IWritableFile Create(string path);

    /// <summary>An existing file.</summary>
    IWritableFile OpenAppend(string path);

    IReadableFile OpenRead(string path);

    /// <summary>The whole file; one longer than <paramref name="maxBytes"/> is refused before anything is allocated.</summary>
    byte[] ReadAll(string path, int maxBytes);

    /// <summary>Of a file or a directory; atomic. A file replaces one of the new name, a directory needs an unused one.
    /// Durable after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; one that is missing is as good as removed.</summary>
    void Delete(string path);

    /// <summary>Removes a directory with everything in it; a missing one is as good as removed.</summary>
    void DeleteDirectory(string path);

    /// <summary>Creates a directory and what lacks above it; an existing one stays.</summary>
    void CreateDirectory(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Names (not paths) of files and directories, in ordinal order.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Whether a file or a directory has the name.</summary>
    bool Exists(string path);

    bool IsDirectory(string path);

    long Length(string path);

    /// <summary>Bytes that this process may still write to the file system of a directory.</summary>
    long FreeBytes(string path);

    /// <summary>A second name for a file that will never change, or a synced copy where the file system has no such names.</summary>
    void Link(string from, string to);
}
