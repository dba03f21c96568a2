namespace SearchEngine.Collections.Storage;

/// <summary>A file open for writing, by one thread at a time. Closing does not make anything durable.</summary>
internal interface IWritableFile : IDisposable
{
    string Path { get; }

    /// <summary>Bytes in the file, durable or not.</summary>
    long Length { get; }

    /// <summary>Writes behind the last byte. After a failure any part of the data may be in the file.</summary>
    void Write(ReadOnlySpan<byte> data);

    /// <summary>Writes from an offset, at most <see cref="Length"/>; the file grows where it must.</summary>
    void WriteAt(long offset, ReadOnlySpan<byte> data);

    /// <summary>
    /// Makes content and length durable. After a failure it is unknown what of the unsynced data is, and a later success says
    /// nothing about it: the system may have dropped it from memory.
    /// </summary>
    void Sync();

    void Truncate(long length);
}
