using SearchEngine.Training.Corpus;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Learning;

/// <summary>Passages that the present encoder takes for near: found by the search core, the very nearest left out.</summary>
internal static class HardNegatives
{
    /// <summary>The nearest may well answer the same query; they are no negatives.</summary>
    private const int Skipped = 5;

    private const int Kept = 25;

    /// <summary>Passages mined in a round; a large corpus takes its turns, since indexing all of it would cost more than learning.</summary>
    private const int MostPassages = 20_000;

    /// <summary>The passages of a round, evenly spread; all of a small corpus.</summary>
    public static int[] TurnOf(TrainingTexts texts, int round)
    {
        var turns = (texts.Learned.Count + MostPassages - 1) / MostPassages;
        return [.. texts.Learned.Where((_, place) => place % turns == round % turns)];
    }

    /// <summary>For every passage of this round's turn its negatives, none of them its twin; nothing for the others.</summary>
    public static int[][] Mine(
        EncoderParameters parameters, TrainingTexts texts, int round, TrainingOptions options, Workers workers)
    {
        var passages = TurnOf(texts, round);
        TokenBag[] documents =
        [
            .. passages.Select(i => TokenBag.Of([.. texts.TitleOf(i).Concat(texts.Passages[i].Text).Take(options.MaxTokens)])),
        ];
        var vectors = EncoderForward.Encode(parameters, documents, Side.Document, workers);
        using var index = new DocumentIndex(vectors, parameters.Dimension, options.Threads, workers);
        var nearest = index.Nearest(vectors, 1 + Skipped + Kept);
        var negatives = new int[texts.Passages.Count][];
        Array.Fill(negatives, []);
        for (var place = 0; place < passages.Length; place++)
            negatives[passages[place]] = [.. nearest[place].Select(hit => passages[hit.Row]).Where(other => other != passages[place]).Skip(Skipped)];
        return negatives;
    }
}
