using System.Runtime.InteropServices;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>Integers, floats, bools or timestamps of a live segment, by their keys.</summary>
internal sealed class LiveNumbers(AttributeType type, bool isArray) : LiveColumn(isArray)
{
    /// <summary>So many ranges are compared one after the other; more are searched per entry.</summary>
    private const int MostComparedRanges = 200;

    /// <summary>Entries looked at for an estimate.</summary>
    private const int SampledEntries = 1024;

    private readonly Chunks<long> _keys = new();

    public override long MemoryBytes => (long)_keys.ChunkCount * Chunks<long>.ChunkItems * (sizeof(long) + sizeof(uint));

    public override void Append(uint row, scoped in BodyItem item)
    {
        _keys.Append(NumberKey.Of(type, item));
        EntryRows.Append(row);
    }

    public override void AddMatches(ValueTest test, RowSet rows)
    {
        var numbers = (NumberTest)test;
        int entries = EntriesBelow(rows.Rows);
        Span<ulong> mask = stackalloc ulong[MaskWords];
        for (int c = 0; c < Chunks<long>.ChunksFor(entries); c++)
        {
            mask.Clear();
            Compare(_keys.Chunk(c, entries), numbers, mask);
            AddRows(EntryRows.Chunk(c, entries), mask, rows.Bits);
        }
    }

    public override MatchEstimate EstimateMatches(ValueTest test, int rows)
    {
        var numbers = (NumberTest)test;
        int entries = EntriesBelow(rows);
        int most = Math.Min(entries, rows);
        if (entries == 0 || test.IsEmpty)
        {
            return MatchEstimate.Exactly(0);
        }
        int sampled = Math.Min(entries, SampledEntries);
        long found = 0;
        for (int i = 0; i < sampled; i++)
        {
            found += numbers.Holds(_keys.At((int)((long)i * entries / sampled))) ? 1 : 0;
        }
        return new MatchEstimate(found > 0 ? 1 : 0, Math.Clamp(found * entries / sampled, found > 0 ? 1 : 0, most), most);
    }

    protected override SortKey KeyAt(int entry) => new(_keys.At(entry));

    private static void Compare(ReadOnlySpan<long> keys, NumberTest numbers, Span<ulong> mask)
    {
        if (numbers.Ranges.Length <= MostComparedRanges)
        {
            ReadOnlySpan<ulong> bits = MemoryMarshal.Cast<long, ulong>(keys);
            foreach (KeyRange range in numbers.Ranges)
            {
                RangeMask.Or(bits, unchecked((ulong)range.Low), unchecked((ulong)range.High - (ulong)range.Low), mask);
            }
            return;
        }
        for (int i = 0; i < keys.Length; i++)
        {
            mask[i >> 6] |= numbers.Holds(keys[i]) ? 1UL << (i & 63) : 0;
        }
    }
}
