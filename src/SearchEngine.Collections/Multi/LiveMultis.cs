using System.Runtime.CompilerServices;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;

namespace SearchEngine.Collections.Multi;

/// <summary>The multi vectors of live rows. One writer; readers see rows that were published to them.</summary>
internal sealed class LiveMultis
{
    private readonly MultiLayout[] _layouts;
    private readonly Chunks<Place>[] _places;
    private readonly long[] _rows;
    private readonly GrowingBytes _heap = new();

    public LiveMultis(CollectionSchema schema)
    {
        _layouts = [.. schema.MultiVectors.Select(static m => new MultiLayout(m))];
        _rows = new long[_layouts.Length];
        _places = [.. _layouts.Select(static _ => new Chunks<Place>())];
    }

    public long Bytes => _heap.Bytes
        + _places.Sum(static p => (long)p.ChunkCount * Chunks<Place>.ChunkItems * Unsafe.SizeOf<Place>());

    /// <summary>Refuses what <see cref="Append"/> could not take.</summary>
    public void Check(ReadOnlySpan<ReadOnlyMemory<byte>> stored)
    {
        if (stored.Length != _layouts.Length)
        {
            throw new ArgumentException($"{stored.Length} multi vectors were given, the schema has {_layouts.Length}.", nameof(stored));
        }
        for (int i = 0; i < stored.Length; i++)
        {
            _layouts[i].Split(stored[i].Span);
        }
    }

    /// <summary>Rows of all documents together.</summary>
    public long RowsOf(int position) => Volatile.Read(ref _rows[position]);

    /// <summary>Those of the next row.</summary>
    /// <param name="stored">By position in the schema, as <see cref="MultiLayout.Encode"/> gives them; empty where there is none.</param>
    public void Append(ReadOnlySpan<ReadOnlyMemory<byte>> stored)
    {
        for (int i = 0; i < stored.Length; i++)
        {
            Volatile.Write(ref _rows[i], _rows[i] + stored[i].Length / _layouts[i].RowBytes);
            _places[i].Append(new Place(_heap.Append(stored[i].Span), stored[i].Length));
        }
    }

    public MultiRows Of(int position, uint ordinal)
    {
        Place place = _places[position].At((int)ordinal);
        return _layouts[position].Split(_heap.Read(place.Position, place.Length));
    }

    private readonly record struct Place(long Position, int Length);
}
