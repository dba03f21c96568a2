namespace SearchEngine.Collections.Storage;

/// <summary>A file open for reading, from any thread; it stays readable when its name is removed.</summary>
internal interface IReadableFile : IDisposable
{
    string Path { get; }

    /// <summary>Bytes in the file now.</summary>
    long Length { get; }

    /// <summary>Fills the buffer as far as the file goes; says how many bytes were read.</summary>
    int Read(long offset, Span<byte> buffer);
}
