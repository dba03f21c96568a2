using SearchEngine.Training.Export;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Vocabulary;

namespace SearchEngine.Training.Reranking;

/// <summary>What the features of a pair are computed from: a short unit vector and a rarity per piece, rounded as they are written.</summary>
internal sealed class PairTable
{
    /// <summary>Leading elements of the pieces' vectors behind the document side's head: enough to tell which are near.</summary>
    public const int MostElements = 128;

    private readonly float[] _units;

    public PairTable(EncoderParameters encoder, float[] rarity, double meanLength)
    {
        Width = Math.Min(MostElements, encoder.Dimension);
        var (cut, whole) = (new float[encoder.Vocabulary * Width], new float[encoder.Dimension]);
        for (var piece = 0; piece < encoder.Vocabulary; piece++)
        {
            EncoderForward.ApplyHead(encoder, Side.Document, encoder.Row(piece), whole);
            whole.AsSpan(0, Width).CopyTo(cut.AsSpan(piece * Width));
        }
        Codes = ByteTable.Of(cut, Width);
        InverseLengths = Codes.InverseLengths(Width);
        Rarity = [.. rarity.Select((value, piece) => piece < VocabularyFile.Reserved ? 0 : value)];
        Factors =
        [
            .. encoder.LogWeights.Select(weights => weights
                .Select((weight, piece) => piece < VocabularyFile.Reserved ? 0 : MathF.Exp(weight) * Codes.Scales[piece]).ToArray()),
        ];
        MeanLength = (float)Math.Max(1, meanLength);
        _units = new float[cut.Length];
        for (var piece = 0; piece < encoder.Vocabulary; piece++)
        {
            for (var i = 0; i < Width; i++)
                _units[piece * Width + i] = Codes.Codes[piece * Width + i] * InverseLengths[piece];
        }
    }

    public int Width { get; }

    public ByteTable Codes { get; }

    /// <summary>What a piece's codes are multiplied by for unit length.</summary>
    public float[] InverseLengths { get; }

    /// <summary>What a piece counts in a query; nothing for special tokens.</summary>
    public float[] Rarity { get; }

    /// <summary>What a piece's codes are multiplied by in the sum over a text, by side.</summary>
    public float[][] Factors { get; }

    /// <summary>Pieces of a document on average.</summary>
    public float MeanLength { get; }

    public ReadOnlySpan<float> Unit(int piece) => _units.AsSpan(piece * Width, Width);

    /// <summary>Adds a piece to the weighted sum of its text.</summary>
    public void AddTo(Span<float> sum, Side side, int piece, float count)
    {
        if (InverseLengths[piece] > 0)
            Lanes.AddScaled(sum, Unit(piece), count * Factors[(int)side][piece] / InverseLengths[piece]);
    }
}
