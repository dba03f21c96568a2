using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>Applies merges to the symbols of a word: always the one of lowest rank, the leftmost first.</summary>
internal sealed class BpeMerger
{
    /// <summary>Symbols up to which looking at all pairs again after each merge is quicker than a queue.</summary>
    private const int ShortWord = 32;

    private const int None = -1;

    private readonly LongTable _ranks;
    private readonly (int Left, int Right, int Result)[] _pairs;

    /// <param name="pairs">Left, right and resulting token by rank; of equal pairs the last counts.</param>
    public BpeMerger((int Left, int Right, int Result)[] pairs)
    {
        _pairs = pairs;
        _ranks = new LongTable(pairs.Length);
        for (var rank = 0; rank < pairs.Length; rank++)
        {
            _ranks.Set(Key(pairs[rank].Left, pairs[rank].Right), rank);
        }
    }

    /// <summary>Merges in place; the symbols that remain are chained by Next from the first.</summary>
    public void Merge(Span<ModelScratch.Symbol> symbols, ModelScratch scratch)
    {
        if (symbols.Length < 2)
        {
            return;
        }
        if (symbols.Length <= ShortWord)
        {
            MergeShort(symbols);
        }
        else
        {
            MergeLong(symbols, scratch.Merges);
        }
    }

    public void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add(_pairs.Length);
        foreach (var (left, right, result) in _pairs)
        {
            fingerprint.Add(left).Add(right).Add(result);
        }
    }

    private static long Key(int left, int right) => (long)left << 32 | (uint)right;

    private void MergeShort(Span<ModelScratch.Symbol> symbols)
    {
        Span<int> ranks = stackalloc int[ShortWord];
        for (var symbol = 0; symbol < symbols.Length; symbol++)
        {
            ranks[symbol] = RankAt(symbols, symbol);
        }
        while (true)
        {
            var best = None;
            for (var symbol = 0; symbol >= 0; symbol = symbols[symbol].Next)
            {
                if (ranks[symbol] != None && (best == None || ranks[symbol] < ranks[best]))
                {
                    best = symbol;
                }
            }
            if (best == None)
            {
                return;
            }
            Join(symbols, best, _pairs[ranks[best]].Result);
            ranks[best] = RankAt(symbols, best);
            if (symbols[best].Previous is >= 0 and var previous)
            {
                ranks[previous] = RankAt(symbols, previous);
            }
        }
    }

    private void MergeLong(Span<ModelScratch.Symbol> symbols, PriorityQueue<ModelScratch.Merge, long> queue)
    {
        queue.Clear();
        for (var symbol = 0; symbol < symbols.Length; symbol++)
        {
            Enqueue(symbols, symbol, queue);
        }
        while (queue.TryDequeue(out var merge, out _))
        {
            ref var left = ref symbols[merge.Symbol];
            // Stale unless both sides are still what they were.
            if (left.Id != merge.Left || left.Next < 0 || symbols[left.Next].Id != merge.Right)
            {
                continue;
            }
            Join(symbols, merge.Symbol, merge.Result);
            Enqueue(symbols, merge.Symbol, queue);
            if (left.Previous >= 0)
            {
                Enqueue(symbols, left.Previous, queue);
            }
        }
    }

    private void Enqueue(Span<ModelScratch.Symbol> symbols, int symbol, PriorityQueue<ModelScratch.Merge, long> queue)
    {
        var rank = RankAt(symbols, symbol);
        if (rank != None)
        {
            var merge = new ModelScratch.Merge(symbol, symbols[symbol].Id, symbols[symbols[symbol].Next].Id, _pairs[rank].Result);
            queue.Enqueue(merge, (long)rank << 32 | (uint)symbol);
        }
    }

    private int RankAt(Span<ModelScratch.Symbol> symbols, int symbol) =>
        symbols[symbol].Next is >= 0 and var next ? _ranks.Find(Key(symbols[symbol].Id, symbols[next].Id)) : None;

    private static void Join(Span<ModelScratch.Symbol> symbols, int symbol, int result)
    {
        ref var left = ref symbols[symbol];
        ref var right = ref symbols[left.Next];
        left.Id = result;
        left.End = right.End;
        left.Next = right.Next;
        right.Id = None;
        if (right.Next >= 0)
        {
            symbols[right.Next].Previous = symbol;
        }
    }
}
