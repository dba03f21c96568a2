using System.Runtime.CompilerServices;
using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Segments;

/// <summary>The bodies and versions of live rows. One writer; readers see rows that were published to them.</summary>
internal sealed class LiveBodies
{
    private readonly Chunks<Row> _rows = new();
    private readonly GrowingBytes _heap = new();

    public long Bytes => (long)_rows.ChunkCount * Chunks<Row>.ChunkItems * Unsafe.SizeOf<Row>() + _heap.Bytes;

    /// <summary>The body of the next row.</summary>
    public void Append(ulong version, ReadOnlySpan<byte> body) => _rows.Append(new Row(version, _heap.Append(body), body.Length));

    public ulong VersionOf(uint ordinal) => _rows.At((int)ordinal).Version;

    public ReadOnlySpan<byte> BodyOf(uint ordinal)
    {
        Row row = _rows.At((int)ordinal);
        return _heap.Read(row.Position, row.Length);
    }

    private readonly record struct Row(ulong Version, long Position, int Length);
}
