using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>Places of a live segment, canonical, tested one by one.</summary>
internal sealed class LivePlaces(bool isArray) : LiveColumn(isArray)
{
    private const int SampledEntries = 256;

    private readonly Chunks<GeoPoint> _places = new();

    public override long MemoryBytes => (long)_places.ChunkCount * Chunks<GeoPoint>.ChunkItems * (2 * sizeof(double) + sizeof(uint));

    public override void Append(uint row, scoped in BodyItem item)
    {
        _places.Append(GeoPlace.Canonical(item.Place));
        EntryRows.Append(row);
    }

    public override void AddMatches(ValueTest test, RowSet rows)
    {
        int entries = EntriesBelow(rows.Rows);
        Span<ulong> mask = stackalloc ulong[MaskWords];
        for (int c = 0; c < Chunks<GeoPoint>.ChunksFor(entries); c++)
        {
            mask.Clear();
            ReadOnlySpan<GeoPoint> places = _places.Chunk(c, entries);
            for (int i = 0; i < places.Length; i++)
            {
                mask[i >> 6] |= Holds(test, places[i]) ? 1UL << (i & 63) : 0;
            }
            AddRows(EntryRows.Chunk(c, entries), mask, rows.Bits);
        }
    }

    public override MatchEstimate EstimateMatches(ValueTest test, int rows)
    {
        int entries = EntriesBelow(rows);
        int most = Math.Min(entries, rows);
        if (entries == 0)
        {
            return MatchEstimate.Exactly(0);
        }
        int sampled = Math.Min(entries, SampledEntries);
        long found = 0;
        for (int i = 0; i < sampled; i++)
        {
            found += Holds(test, _places.At((int)((long)i * entries / sampled))) ? 1 : 0;
        }
        return new MatchEstimate(found > 0 ? 1 : 0, Math.Clamp(found * entries / sampled, found > 0 ? 1 : 0, most), most);
    }

    private static bool Holds(ValueTest test, GeoPoint place) =>
        test is ShapeTest shape ? shape.Shape.Contains(place) : ((PlaceSetTest)test).Holds(place);
}
