using System.Collections.Concurrent;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>Keywords of a live segment: a dictionary in order of arrival, and a code per entry.</summary>
internal sealed class LiveKeywords(bool isArray) : LiveColumn(isArray)
{
    /// <summary>So many codes are compared one after the other; more are looked up per entry.</summary>
    private const int MostComparedCodes = 8;

    /// <summary>Array header, dictionary node and counter of one value, besides its bytes.</summary>
    private const int ValueOverheadBytes = 120;

    private readonly Chunks<uint> _codes = new();
    private readonly Chunks<LiveKeyword> _values = new();
    private readonly ConcurrentDictionary<byte[], LiveKeyword> _dictionary = new(BytesComparer.Instance);
    private readonly bool _isArray = isArray;
    private long _valueBytes;

    public override long MemoryBytes =>
        (long)_codes.ChunkCount * Chunks<uint>.ChunkItems * 2 * sizeof(uint) + Interlocked.Read(ref _valueBytes);

    public override void Append(uint row, scoped in BodyItem item)
    {
        ReadOnlySpan<byte> text = item.Utf8;
        if (!_dictionary.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(text, out LiveKeyword? keyword))
        {
            keyword = new LiveKeyword((uint)_values.Count, text.ToArray());
            _values.Append(keyword);
            _dictionary[keyword.Text] = keyword;
            Interlocked.Add(ref _valueBytes, text.Length + ValueOverheadBytes);
        }
        _codes.Append(keyword.Code);
        EntryRows.Append(row);
        // After the entry: whoever sees the row published sees it counted, and no count is ahead of its entries.
        keyword.Count++;
    }

    public override void AddMatches(ValueTest test, RowSet rows)
    {
        List<uint> codes = CodesOf((KeywordTest)test);
        if (codes.Count == 0)
        {
            return;
        }
        int entries = EntriesBelow(rows.Rows);
        ulong[] wanted = codes.Count > MostComparedCodes ? BitsOf(codes) : [];
        Span<ulong> mask = stackalloc ulong[MaskWords];
        for (int c = 0; c < Chunks<uint>.ChunksFor(entries); c++)
        {
            mask.Clear();
            ReadOnlySpan<uint> chunk = _codes.Chunk(c, entries);
            if (wanted.Length == 0)
            {
                foreach (uint code in codes)
                {
                    RangeMask.Or(chunk, code, 0u, mask);
                }
            }
            else
            {
                LookUp(chunk, wanted, mask);
            }
            AddRows(EntryRows.Chunk(c, entries), mask, rows.Bits);
        }
    }

    public override MatchEstimate EstimateMatches(ValueTest test, int rows)
    {
        // Counts run ahead of the bound: rows of later writes are in them.
        long all = 0;
        foreach (uint code in CodesOf((KeywordTest)test))
        {
            all += _values.At((int)code).Count;
        }
        int entries = EntriesBelow(rows);
        long later = EntryRows.Count - entries;
        long most = Math.Min(Math.Min(all, entries), rows);
        long least = _isArray ? 0 : Math.Max(0, all - later);
        return new MatchEstimate(Math.Min(least, most), most, most);
    }

    protected override SortKey KeyAt(int entry) => new(_values.At((int)_codes.At(entry)).Text);

    private List<uint> CodesOf(KeywordTest test)
    {
        var codes = new List<uint>();
        foreach (byte[] value in test.Values)
        {
            if (_dictionary.TryGetValue(value, out LiveKeyword? keyword))
            {
                codes.Add(keyword.Code);
            }
        }
        return codes;
    }

    private static ulong[] BitsOf(List<uint> codes)
    {
        var bits = new ulong[codes.Max() / 64 + 1];
        foreach (uint code in codes)
        {
            bits[code / 64] |= 1UL << (int)(code % 64);
        }
        return bits;
    }

    private static void LookUp(ReadOnlySpan<uint> codes, ulong[] wanted, Span<ulong> mask)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            uint word = codes[i] / 64;
            if (word < (uint)wanted.Length)
            {
                mask[i >> 6] |= ((wanted[word] >> (int)(codes[i] % 64)) & 1) << (i & 63);
            }
        }
    }
}
