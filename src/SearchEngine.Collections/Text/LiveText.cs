using System.Collections.Concurrent;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Postings;

namespace SearchEngine.Collections.Text;

/// <summary>The words of one text field of live documents, for one appender beside any readers.</summary>
internal sealed class LiveText
{
    /// <summary>Dictionary node, string header and array header of a word.</summary>
    private const int WordOverheadBytes = 160;

    private readonly ConcurrentDictionary<string, LivePostings> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<LivePostings, uint> _ofRow = [];
    private readonly Chunks<Sums> _sums = new();
    private long _bytes;

    public long MemoryBytes => Interlocked.Read(ref _bytes) + (long)_sums.ChunkCount * Chunks<Sums>.ChunkItems * 2 * sizeof(long);

    /// <summary>Takes the text of the next row; empty when it has none.</summary>
    public void Append(uint row, string text)
    {
        long words = 0;
        _ofRow.Clear();
        Collections.Text.Words.Each(text, word =>
        {
            LivePostings term = TermOf(word);
            _ofRow[term] = _ofRow.GetValueOrDefault(term) + 1;
            words++;
        });
        foreach ((LivePostings term, uint frequency) in _ofRow)
        {
            int before = term.Capacity;
            term.Append(row, frequency);
            Interlocked.Add(ref _bytes, (term.Capacity - before) * sizeof(ulong));
        }
        Sums last = row == 0 ? default : _sums.At((int)row - 1);
        _sums.Append(new Sums(last.Words + words, last.Documents + (words > 0 ? 1 : 0)));
    }

    /// <summary>What a reader with a bound sees.</summary>
    public ITextIndex Below(int rows) => new Bounded(this, rows);

    private LivePostings TermOf(ReadOnlySpan<char> word)
    {
        if (!_terms.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out LivePostings? term))
        {
            term = new LivePostings();
            _terms[word.ToString()] = term;
            Interlocked.Add(ref _bytes, WordOverheadBytes + word.Length * sizeof(char) + term.Capacity * sizeof(ulong));
        }
        return term;
    }

    /// <summary>Of a row and all before it.</summary>
    private readonly record struct Sums(long Words, long Documents);

    private sealed class Bounded(LiveText text, int rows) : ITextIndex
    {
        private readonly Sums _all = rows == 0 ? default : text._sums.At(rows - 1);

        public long Documents => _all.Documents;

        public long Words => _all.Words;

        public uint LengthOf(uint row) => (uint)(text._sums.At((int)row).Words - (row == 0 ? 0 : text._sums.At((int)row - 1).Words));

        // Nothing is known of how often texts have the word, nor of how short they are.
        public IPostings? Find(string word) =>
            text._terms.TryGetValue(word, out LivePostings? term) ? term.Below((uint)rows, uint.MaxValue, 0) : null;
    }
}
