namespace SearchEngine.Collections.Segments;

/// <summary>The bodies and versions of live rows. One writer; readers see rows that were published to them.</summary>
internal sealed class LiveBodies(int capacity)
{
    private readonly GrowingRows<Row> _rows = new(capacity);
    private readonly GrowingBytes _heap = new();

    public long Bytes => _rows.Bytes + _heap.Bytes;

    public void Append(uint ordinal, ulong version, ReadOnlySpan<byte> body) =>
        _rows.Write(ordinal, new Row(version, _heap.Append(body), body.Length));

    public ulong VersionOf(uint ordinal) => _rows[ordinal].Version;

    public ReadOnlySpan<byte> BodyOf(uint ordinal)
    {
        ref readonly Row row = ref _rows[ordinal];
        return _heap.Read(row.Position, row.Length);
    }

    private readonly record struct Row(ulong Version, long Position, int Length);
}
