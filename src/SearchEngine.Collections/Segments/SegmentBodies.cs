using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Segments;

/// <summary>The mapped bodies and versions of a segment.</summary>
internal sealed class SegmentBodies : IDisposable
{
    private readonly SectionFile _file;
    private readonly LargeSection _heap;
    private readonly MappedArray<long> _offsets;
    private readonly MappedArray<ulong> _versions;

    private SegmentBodies(SectionFile file, int rows)
    {
        _file = file;
        _heap = file.Bytes(SegmentNames.Heap);
        _offsets = file.Array<long>(SegmentNames.Offsets);
        _versions = file.Array<ulong>(SegmentNames.Versions);
        if (_offsets.Length != rows + 1L || _versions.Length != rows || _offsets[rows] != _heap.Length)
        {
            throw StorageErrors.Damaged(file.Path, $"its sections do not have the sizes of {rows} documents");
        }
    }

    public SectionFile File => _file;

    public static SegmentBodies Open(string path, int rows)
    {
        SectionFile file = SectionFile.Open(path, SegmentNames.Bodies);
        try
        {
            file.ExpectRandomAccess();
            return new SegmentBodies(file, rows);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public ulong VersionOf(uint row) => _versions[(int)row];

    public ReadOnlySpan<byte> BodyOf(uint row)
    {
        long from = _offsets[(int)row], length = _offsets[(int)row + 1] - from;
        if (length is < 0 or > int.MaxValue)
        {
            throw StorageErrors.Damaged(_file.Path, $"the body of row {row} has {length} bytes");
        }
        return _heap.Slice(from, (int)length);
    }

    public void Dispose() => _file.Dispose();
}
