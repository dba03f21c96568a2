using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Storage;

/// <summary>A section as an array that can be kept in a field, where a span cannot. Valid while its file is open.</summary>
internal readonly struct MappedArray<T>
    where T : unmanaged
{
    private readonly MappedFile _file;
    private readonly long _offset;

    internal MappedArray(MappedFile file, long offset, int length)
    {
        _file = file;
        _offset = offset;
        Length = length;
    }

    public int Length { get; }

    public ReadOnlySpan<T> Span => Length == 0 ? default : _file.Span<T>(_offset, Length);

    public T this[int index] => Span[index];
}
