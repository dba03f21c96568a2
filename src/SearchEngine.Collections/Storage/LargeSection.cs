using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Storage;

/// <summary>A section of any length, read in pieces. Valid while its file is open.</summary>
internal readonly struct LargeSection
{
    private readonly MappedFile _file;
    private readonly long _offset;

    internal LargeSection(MappedFile file, long offset, long length)
    {
        _file = file;
        _offset = offset;
        Length = length;
    }

    public long Length { get; }

    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
        {
            throw StorageErrors.Damaged(_file.Path, $"bytes {offset} to {offset + length} are asked for of a section of {Length} bytes");
        }

        return _file.Span<byte>(_offset + offset, length);
    }
}
