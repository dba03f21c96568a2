using SearchEngine.Training.Cooccurrence;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Vocabulary;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Training.Learning;

/// <summary>
/// Where learning begins: embeddings from co-occurrence, so that pieces that stand in the same company are near each other
/// without a single pair, and weights by rarity (smooth inverse frequency, Arora et al. 2017).
/// </summary>
internal static class StartingPoint
{
    /// <summary>Places to either side of a piece that are its company.</summary>
    private const int Window = 10;

    /// <summary>Length of a piece's own random part beside its shared one of length 1: tells apart pieces that keep the same company.</summary>
    private static float OwnPart(TrainingPurpose purpose) => purpose == TrainingPurpose.General ? 3f : 0.35f;

    /// <summary>Part of the rarity's logarithm in a side's weight. A match counts the product of both sides' weights: with a half each,
    /// the rarity once.</summary>
    private static float SharePerSide(TrainingPurpose purpose) => purpose == TrainingPurpose.General ? 1f : 0.5f;

    public static EncoderParameters Of(TrainingTexts texts, int vocabulary, TrainingOptions options, Workers workers)
    {
        var (dimension, seed) = (options.Dimension, options.Seed);
        var parameters = new EncoderParameters(vocabulary, dimension);
        var matrix = PieceCooccurrence.Of(texts.Passages, vocabulary, Window, workers);
        var embeddings = LeadingDirections.Embed(matrix, dimension, seed, workers);
        workers.For(vocabulary - VocabularyFile.Reserved, place =>
        {
            var piece = place + VocabularyFile.Reserved;
            var row = parameters.Row(piece);
            embeddings.AsSpan(piece * dimension, dimension).CopyTo(row);
            EncoderForward.Normalize(row);
            var random = new SplitMix(SplitMix.Mix(seed + 0x0b0e + (ulong)piece));
            var scale = OwnPart(options.Purpose) * MathF.Sqrt(3f / dimension);
            foreach (ref var x in row)
                x += scale * ((random.Next() >> 40) * (2f / (1 << 24)) - 1);
            EncoderForward.Normalize(row);
        });
        SetWeights(texts, parameters, SharePerSide(options.Purpose));
        return parameters;
    }

    private static void SetWeights(TrainingTexts texts, EncoderParameters parameters, float share)
    {
        var rarity = texts.RarityOfPieces(parameters.Vocabulary);
        for (var piece = VocabularyFile.Reserved; piece < parameters.Vocabulary; piece++)
        {
            foreach (var weights in parameters.LogWeights)
                weights[piece] = share * MathF.Log(rarity[piece]);
        }
    }
}
