using SearchEngine.Training.Corpus;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Learning;

/// <summary>Passages that the present encoder takes for near: found by the search core, the very nearest left out.</summary>
internal static class HardNegatives
{
    /// <summary>The nearest may well answer the same query; they are no negatives.</summary>
    private const int Skipped = 5;

    private const int Kept = 25;

    /// <summary>For every passage its negatives, none of them its twin.</summary>
    public static int[][] Mine(EncoderParameters parameters, TrainingTexts texts, int mostPieces, int threads, Workers workers)
    {
        TokenBag[] documents =
        [
            .. Enumerable.Range(0, texts.Passages.Count)
                .Select(i => TokenBag.Of([.. texts.TitleOf(i).Concat(texts.Passages[i].Text).Take(mostPieces)])),
        ];
        var vectors = EncoderForward.Encode(parameters, documents, Side.Document, workers);
        using var index = new DocumentIndex(vectors, parameters.Dimension, threads, workers);
        var nearest = index.Nearest(vectors, 1 + Skipped + Kept);
        return
        [
            .. nearest.Select((hits, passage) => hits
                .Select(hit => texts.TwinOf[hit.Row])
                .Where(other => other != texts.TwinOf[passage])
                .Distinct().Skip(Skipped).ToArray()),
        ];
    }
}
