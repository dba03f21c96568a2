using SearchEngine.Training.Corpus;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Training.Learning;

/// <summary>
/// Makes the batches: queries and the documents that answer them, labelled or made from the corpus itself. A batch is a function
/// of seed and step, so a resumed training goes on exactly where it was.
/// </summary>
internal sealed class PairSampler(TrainingTexts texts, ulong seed)
{
    /// <summary>Pieces of a document in a batch; what stands later in it is seldom its subject.</summary>
    private const int MostDocumentPieces = 256;

    private const int MostQueryPieces = 48;

    /// <summary>Pieces that a sentence must have to say something.</summary>
    private const int LeastSentence = 4;

    private const int LeastKeywords = 2, MostKeywords = 8;

    /// <summary>One of this many pieces of a query is left out, so that no single one decides.</summary>
    private const int DropOneOf = 8;

    private int[] _order = [];
    private long _epoch = -1;

    /// <param name="step">Number of the step.</param>
    /// <param name="size">Pairs.</param>
    /// <param name="negatives">Passages that look like a passage's but are not it; null before any were mined.</param>
    public ContrastiveBatch Draw(long step, int size, int[][]? negatives)
    {
        var random = new SplitMix(SplitMix.Mix(seed ^ (ulong)(step * 2 + 1)));
        var (queries, documents, keys, kinds) = (new TokenBag[size], new List<TokenBag>(), new List<int>(), new PairKind[size]);
        for (var slot = 0; slot < size; slot++)
        {
            var pair = step * size + slot;
            var (query, document, key, kind) = texts.Labelled.Count > 0 && slot % 2 == 0
                ? FromLabel(texts.Labelled[random.Next(texts.Labelled.Count)], ref random)
                : FromPassage(PassageOf(pair), ref random);
            (queries[slot], kinds[slot]) = (query, kind);
            documents.Add(document);
            keys.Add(key);
        }
        for (var slot = 0; slot < size && negatives != null; slot++)
        {
            var candidates = negatives[keys[slot]];
            if (candidates.Length == 0)
                continue;
            var negative = candidates[random.Next(candidates.Length)];
            documents.Add(Negative(negative, kinds[slot]));
            keys.Add(texts.TwinOf[negative]);
        }
        return new ContrastiveBatch(queries, [.. documents], [.. keys], kinds);
    }

    /// <summary>
    /// A passage as a negative of a pair of this kind: it shows of itself what the positive shows. With titles on one side only,
    /// having one would be what is learned.
    /// </summary>
    public TokenBag Negative(int passage, PairKind kind) => Bag(
        [.. (kind == PairKind.Title ? [] : texts.TitleOf(passage)).Concat(texts.Passages[passage].Text).Take(MostDocumentPieces)]);

    private int PassageOf(long pair)
    {
        var epoch = pair / texts.Learned.Count;
        if (epoch != _epoch)
        {
            (_epoch, _order) = (epoch, [.. texts.Learned]);
            var random = new SplitMix(SplitMix.Mix(seed + 0x5eed + (ulong)epoch));
            for (var i = _order.Length - 1; i > 0; i--)
            {
                var other = random.Next(i + 1);
                (_order[i], _order[other]) = (_order[other], _order[i]);
            }
        }
        return _order[(int)(pair % texts.Learned.Count)];
    }

    private (TokenBag Query, TokenBag Document, int Key, PairKind Kind) FromLabel(LabelledPair pair, ref SplitMix random) =>
        (Query(pair.Query, ref random), Bag(texts.Passages[pair.Passage].Whole(MostDocumentPieces)), texts.TwinOf[pair.Passage], PairKind.Label);

    /// <summary>Title to text, sentence to the rest, or a few words to the whole: what the passage has.</summary>
    private (TokenBag Query, TokenBag Document, int Key, PairKind Kind) FromPassage(int index, ref SplitMix random)
    {
        const int Kinds = 4;
        var passage = texts.Passages[index];
        var kind = random.Next(Kinds);
        if (kind < 2 && passage.Title.Length > 0 && passage.Text.Length > 0 && !texts.IsHeldOut(index))
            return (Query(passage.Title, ref random), Bag([.. passage.Text.Take(MostDocumentPieces)]), texts.TwinOf[index], PairKind.Title);
        if (kind < Kinds - 1 && passage.Sentences.Length > 2)
        {
            var sentence = random.Next(passage.Sentences.Length - 1);
            var (start, end) = (passage.Sentences[sentence], passage.Sentences[sentence + 1]);
            if (end - start >= LeastSentence)
            {
                int[] rest = [.. texts.TitleOf(index), .. passage.Text[..start], .. passage.Text[end..]];
                return (Query(passage.Text[start..end], ref random), Bag([.. rest.Take(MostDocumentPieces)]), texts.TwinOf[index], PairKind.Sentence);
            }
        }
        return Keywords(index, ref random);
    }

    private (TokenBag Query, TokenBag Document, int Key, PairKind Kind) Keywords(int index, ref SplitMix random)
    {
        int[] whole = [.. texts.TitleOf(index).Concat(texts.Passages[index].Text).Take(MostDocumentPieces)];
        var words = new int[Math.Min(LeastKeywords + random.Next(MostKeywords - LeastKeywords + 1), whole.Length)];
        for (var i = 0; i < words.Length; i++)
            words[i] = whole[random.Next(whole.Length)];
        return (TokenBag.Of(words), Bag(whole), texts.TwinOf[index], PairKind.Keywords);
    }

    private static TokenBag Query(int[] pieces, ref SplitMix random)
    {
        var kept = new List<int>();
        foreach (var piece in pieces.Take(MostQueryPieces))
        {
            if (random.Next(DropOneOf) != 0)
                kept.Add(piece);
        }
        return kept.Count > 0 ? TokenBag.Of([.. kept]) : Bag(pieces);
    }

    private static TokenBag Bag(int[] pieces) => TokenBag.Of([.. pieces]);
}
