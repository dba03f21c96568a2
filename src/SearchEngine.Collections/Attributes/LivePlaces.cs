using System.Numerics;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>Places of a live segment, canonical. Circles are settled by directions first, the rest place by place.</summary>
internal sealed class LivePlaces(bool isArray) : LiveColumn(isArray)
{
    private const int SampledEntries = 256;

    private readonly Chunks<GeoPoint> _places = new();
    private readonly Directions _directions = new();

    public override long MemoryBytes =>
        (long)_places.ChunkCount * Chunks<GeoPoint>.ChunkItems * (2 * sizeof(double) + Directions.BytesPerPlace + sizeof(uint));

    public override void Append(uint row, scoped in BodyItem item)
    {
        GeoPoint place = GeoPlace.Canonical(item.Place);
        _places.Append(place);
        _directions.Append(place);
        EntryRows.Append(row);
    }

    public override void AddMatches(ValueTest test, RowSet rows)
    {
        int entries = EntriesBelow(rows.Rows);
        GeoShape? shape = (test as ShapeTest)?.Shape;
        CosineBand? band = (shape as GeoCircle)?.Band;
        Span<ulong> mask = stackalloc ulong[MaskWords];
        Span<ulong> open = stackalloc ulong[MaskWords];
        for (int c = 0; c < Chunks<GeoPoint>.ChunksFor(entries); c++)
        {
            ReadOnlySpan<GeoPoint> places = _places.Chunk(c, entries);
            mask.Clear();
            open.Clear();
            if (band is { } settled)
            {
                _directions.Settle(c, entries, settled, mask, open);
            }
            else
            {
                SetFirst(open, places.Length);
            }
            if (shape is null)
            {
                TestOpen((PlaceSetTest)test, places, mask);
            }
            else
            {
                TestOpen(shape, places, open, mask);
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

    private static void TestOpen(PlaceSetTest test, ReadOnlySpan<GeoPoint> places, Span<ulong> mask)
    {
        for (int i = 0; i < places.Length; i++)
        {
            mask[i / 64] |= test.Holds(places[i]) ? 1UL << (i % 64) : 0;
        }
    }

    private static void TestOpen(GeoShape shape, ReadOnlySpan<GeoPoint> places, ReadOnlySpan<ulong> open, Span<ulong> mask)
    {
        for (int w = 0; w < open.Length; w++)
        {
            for (ulong word = open[w]; word != 0; word &= word - 1)
            {
                int bit = BitOperations.TrailingZeroCount(word);
                mask[w] |= shape.Contains(places[w * 64 + bit]) ? 1UL << bit : 0;
            }
        }
    }

    private static bool Holds(ValueTest test, GeoPoint place) =>
        test is ShapeTest shape ? shape.Shape.Contains(place) : ((PlaceSetTest)test).Holds(place);
}
