using System.Text;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Training.Vocabulary;

/// <summary>
/// Pieces of words by merging the most frequent pair of neighbours again and again (Sennrich et al. 2016), written in WordPiece's
/// form. Words that are frequent enough end as one piece. The same counts give the same pieces.
/// </summary>
internal sealed class PieceTrainer
{
    /// <summary>A pair met once teaches nothing: its words stay in pieces that others share.</summary>
    private const long LeastCount = 2;

    /// <summary>Share of the vocabulary that single characters may take; rarer characters become the unknown token.</summary>
    private const int AlphabetShare = 4;

    private readonly List<string> _pieces = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<(int[] Pieces, long Count)> _words = [];
    private readonly Dictionary<long, PairUse> _pairs = [];
    private readonly PriorityQueue<long, (long NegatedCount, long Pair)> _queue = new();

    private PieceTrainer(IReadOnlyList<(string Word, long Count)> words, int size)
    {
        var alphabet = Alphabet(words, size / AlphabetShare);
        foreach (var (word, count) in words)
        {
            int[]? pieces = Split(word, alphabet);
            if (pieces != null)
                _words.Add((pieces, count));
        }
    }

    /// <param name="words">Counted words.</param>
    /// <param name="size">Pieces at most.</param>
    public static IReadOnlyList<string> Train(IReadOnlyList<(string Word, long Count)> words, int size)
    {
        var trainer = new PieceTrainer(words, size);
        trainer.CountPairs();
        while (trainer._pieces.Count < size && trainer.TryMerge())
        {
        }
        return trainer._pieces;
    }

    private static HashSet<Rune> Alphabet(IReadOnlyList<(string Word, long Count)> words, int most)
    {
        var counts = new Dictionary<Rune, long>();
        foreach (var (word, count) in words)
        {
            foreach (var rune in word.EnumerateRunes())
                counts[rune] = counts.GetValueOrDefault(rune) + count;
        }
        return [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Value).Take(Math.Max(1, most / 2)).Select(pair => pair.Key)];
    }

    /// <summary>The characters of a word; null where one is outside the alphabet.</summary>
    private int[]? Split(string word, HashSet<Rune> alphabet)
    {
        var pieces = new List<int>();
        foreach (var rune in word.EnumerateRunes())
        {
            if (!alphabet.Contains(rune))
                return null;
            pieces.Add(IdOf(pieces.Count == 0 ? rune.ToString() : WordPieceFile.ContinuingPrefix + rune));
        }
        return [.. pieces];
    }

    private int IdOf(string piece)
    {
        if (!_ids.TryGetValue(piece, out var id))
        {
            _ids.Add(piece, id = _pieces.Count);
            _pieces.Add(piece);
        }
        return id;
    }

    private void CountPairs()
    {
        for (var word = 0; word < _words.Count; word++)
            Add(word, +1);
        foreach (var (pair, use) in _pairs)
            _queue.Enqueue(pair, (-use.Count, pair));
    }

    private void Add(int word, int sign)
    {
        var (pieces, count) = _words[word];
        for (var i = 0; i + 1 < pieces.Length; i++)
        {
            var pair = PairOf(pieces[i], pieces[i + 1]);
            if (!_pairs.TryGetValue(pair, out var use))
                _pairs.Add(pair, use = new PairUse());
            use.Count += sign * count;
            if (sign > 0)
                use.Words.Add(word);
        }
    }

    private bool TryMerge()
    {
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            var use = _pairs[pair];
            if (use.Count < LeastCount)
                continue;
            if (-priority.NegatedCount != use.Count)
            {
                // The count has fallen since the pair was queued.
                _queue.Enqueue(pair, (-use.Count, pair));
                continue;
            }
            Merge(pair, use);
            return true;
        }
        return false;
    }

    private void Merge(long pair, PairUse use)
    {
        var (left, right) = ((int)(pair >> 32), (int)(pair & uint.MaxValue));
        var merged = IdOf(_pieces[left] + _pieces[right][WordPieceFile.ContinuingPrefix.Length..]);
        var changed = new HashSet<long>();
        foreach (var word in use.Words.Order().ToArray())
        {
            var (pieces, count) = _words[word];
            var shorter = Merged(pieces, left, right, merged);
            if (shorter.Length == pieces.Length)
                continue;
            Add(word, -1);
            _words[word] = (shorter, count);
            Add(word, +1);
            for (var i = 0; i + 1 < shorter.Length; i++)
            {
                if (shorter[i] == merged || shorter[i + 1] == merged)
                    changed.Add(PairOf(shorter[i], shorter[i + 1]));
            }
        }
        use.Words.Clear();
        foreach (var other in changed)
            _queue.Enqueue(other, (-_pairs[other].Count, other));
    }

    private static int[] Merged(int[] pieces, int left, int right, int merged)
    {
        var result = new List<int>(pieces.Length);
        for (var i = 0; i < pieces.Length; i++)
        {
            var fits = pieces[i] == left && i + 1 < pieces.Length && pieces[i + 1] == right;
            result.Add(fits ? merged : pieces[i]);
            i += fits ? 1 : 0;
        }
        return result.Count == pieces.Length ? pieces : [.. result];
    }

    private static long PairOf(int left, int right) => ((long)left << 32) | (uint)right;

    private sealed class PairUse
    {
        public long Count { get; set; }

        public HashSet<int> Words { get; } = [];
    }
}
