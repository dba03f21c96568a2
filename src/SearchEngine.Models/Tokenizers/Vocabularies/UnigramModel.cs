using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>The segmentation with the greatest sum of scores (Viterbi); unknown characters are joined into one token.</summary>
internal sealed class UnigramModel : TokenModel
{
    /// <summary>How far below the lowest score an unknown character is.</summary>
    private const double UnknownPenalty = 10;

    private const int Unreached = -1;
    private const int MaxUtf8Length = 4;

    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _unknownId;
    private readonly int[]? _byteIds;
    private readonly VocabularyTrie _trie;

    /// <param name="vocabulary">Tokens by their place in the file; of equal ones the last.</param>
    /// <param name="scores">Logarithm of the probability of each place.</param>
    /// <param name="unknownId">The unknown token, or -1.</param>
    /// <param name="byteIds">Tokens for the bytes of unknown text, or null where there is no fallback.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int unknownId, int[]? byteIds)
        : base(vocabulary)
    {
        (_scores, _unknownId, _byteIds) = (scores, unknownId, byteIds);
        _unknownScore = scores.Min() - UnknownPenalty;
        _trie = new VocabularyTrie(2 * vocabulary.Count);
        foreach (var (token, id) in vocabulary.Tokens)
        {
            if (token.Length > 0)
            {
                _trie.Add(token, id);
            }
        }
    }

    public override void Tokenize(TextBuffer text, Piece piece, TokenSequence output, EncodeScratch scratch)
    {
        var word = text.Chars.Slice(piece.Start, piece.Length);
        var nodes = scratch.Model.ReserveNodes(word.Length + 1).AsSpan(0, word.Length + 1);
        FindBestPath(word, nodes);
        // The path is known from its end: turn it round, so that every start knows the end of its token.
        for (var end = word.Length; end > 0;)
        {
            var start = nodes[end].From;
            nodes[start].Score = end;
            end = start;
        }
        for (var start = 0; start < word.Length;)
        {
            var end = (int)nodes[start].Score;
            var id = nodes[end].Id;
            if (id != _unknownId)
            {
                Emit(text, piece.Start + start, piece.Start + end, id, output);
                start = end;
                continue;
            }
            while (end < word.Length && nodes[(int)nodes[end].Score].Id == _unknownId)
            {
                end = (int)nodes[end].Score;
            }
            EmitUnknown(text, piece.Start + start, piece.Start + end, output);
            start = end;
        }
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add("Unigram").Add(_unknownId).Add(_byteIds is not null);
        Vocabulary.Describe(fingerprint);
        foreach (var score in _scores)
        {
            fingerprint.Add(score);
        }
    }

    private void FindBestPath(ReadOnlySpan<char> word, Span<ModelScratch.LatticeNode> nodes)
    {
        foreach (ref var node in nodes)
        {
            node = new(0, Unreached, 0);
        }
        for (var start = 0; start < word.Length;)
        {
            var characterEnd = start + (char.IsHighSurrogate(word[start]) ? 2 : 1);
            var score = nodes[start].Score;
            var hasSingle = false;
            var trieNode = VocabularyTrie.Root;
            for (var end = start; end < word.Length;)
            {
                trieNode = _trie.Child(trieNode, word[end++]);
                if (trieNode < 0)
                {
                    break;
                }
                if (_trie.Id(trieNode) is >= 0 and var id)
                {
                    Offer(ref nodes[end], id, start, score + _scores[id]);
                    hasSingle |= end == characterEnd;
                }
            }
            if (!hasSingle)
            {
                if (_unknownId < 0)
                {
                    throw new TextRejectedException("The text has a character outside the vocabulary, which lacks an unknown token.");
                }
                Offer(ref nodes[characterEnd], _unknownId, start, score + _unknownScore);
            }
            start = characterEnd;
        }
    }

    private static void Offer(ref ModelScratch.LatticeNode node, int id, int from, double score)
    {
        if (node.From == Unreached || score > node.Score)
        {
            node = new(id, from, score);
        }
    }

    private void EmitUnknown(TextBuffer text, int start, int end, TokenSequence output)
    {
        var unknown = text.Chars[start..end];
        // The text may spell out the unknown token itself.
        if (Vocabulary.Find(unknown) is >= 0 and var id)
        {
            Emit(text, start, end, id, output);
            return;
        }
        if (_byteIds is not null && TryEmitBytes(text, start, end, output))
        {
            return;
        }
        Emit(text, start, end, _unknownId, output);
    }

    private bool TryEmitBytes(TextBuffer text, int start, int end, TokenSequence output)
    {
        var before = output.Count;
        Span<byte> bytes = stackalloc byte[MaxUtf8Length];
        foreach (var rune in text.Chars[start..end].EnumerateRunes())
        {
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                if (_byteIds![value] < 0)
                {
                    output.Truncate(before);
                    return false;
                }
                Emit(text, start, end, _byteIds[value], output);
            }
        }
        return true;
    }
}
