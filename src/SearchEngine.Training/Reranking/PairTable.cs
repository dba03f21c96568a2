using SearchEngine.Training.Corpus;
using SearchEngine.Training.Export;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Vocabulary;

namespace SearchEngine.Training.Reranking;

/// <summary>What the features of a pair are computed from: words that match, and a short vector per piece, rounded as they are written.</summary>
internal sealed class PairTable
{
    /// <summary>Leading elements of a vector that are kept. 2026-11-26: all 256 rank no better.</summary>
    public const int MostElements = 128;

    private readonly float[] _units;
    private readonly float[] _turn;

    /// <param name="encoder">Gives the vectors.</param>
    /// <param name="terms">Which pieces match.</param>
    public PairTable(EncoderParameters encoder, PairTerms terms)
    {
        (Terms, Width) = (terms, Math.Min(MostElements, encoder.Dimension));
        Codes = ByteTable.Of(Rows(encoder, Side.Document), Width);
        InverseLengths = Codes.InverseLengths(Width);
        Factors =
        [
            .. encoder.LogWeights.Select(weights => weights
                .Select((weight, piece) => piece < VocabularyFile.Reserved ? 0 : MathF.Exp(weight) * Codes.Scales[piece]).ToArray()),
        ];
        var rounded = new float[encoder.Vocabulary * Width];
        _units = new float[rounded.Length];
        for (var piece = 0; piece < encoder.Vocabulary; piece++)
        {
            Codes.CopyRow(piece, rounded.AsSpan(piece * Width, Width));
            for (var i = 0; i < Width; i++)
                _units[piece * Width + i] = Codes.Codes[piece * Width + i] * InverseLengths[piece];
        }
        QueryTurn = [.. LeastSquares.Map(rounded, Rows(encoder, Side.Query), Width).Select(value => (Half)value)];
        _turn = [.. QueryTurn.Select(value => (float)value)];
    }

    public PairTerms Terms { get; }

    public int Width { get; }

    /// <summary>Pieces behind the document side's head.</summary>
    public ByteTable Codes { get; }

    /// <summary>Takes the sum of a query's pieces from behind the document's head to behind its own: Width rows.</summary>
    public Half[] QueryTurn { get; }

    /// <summary>What a piece's codes are multiplied by for unit length.</summary>
    public float[] InverseLengths { get; }

    /// <summary>What a piece's codes are multiplied by in the sum over a text, by side; nothing for special tokens.</summary>
    public float[][] Factors { get; }

    public ReadOnlySpan<float> Unit(int piece) => _units.AsSpan(piece * Width, Width);

    /// <summary>The vector of a text on a side, of any length.</summary>
    public float[] VectorOf(TokenBag text, Side side)
    {
        var sum = new float[Width];
        for (var i = 0; i < text.Ids.Length; i++)
        {
            var piece = text.Ids[i];
            if (InverseLengths[piece] > 0)
                Lanes.AddScaled(sum, Unit(piece), text.Counts[i] * Factors[(int)side][piece] / InverseLengths[piece]);
        }
        if (side == Side.Document)
            return sum;
        var turned = new float[Width];
        for (var i = 0; i < Width; i++)
            Lanes.AddScaled(turned, _turn.AsSpan(i * Width, Width), sum[i]);
        return turned;
    }

    private float[] Rows(EncoderParameters encoder, Side side)
    {
        var (cut, whole) = (new float[encoder.Vocabulary * Width], new float[encoder.Dimension]);
        for (var piece = 0; piece < encoder.Vocabulary; piece++)
        {
            EncoderForward.ApplyHead(encoder, side, encoder.Row(piece), whole);
            whole.AsSpan(0, Width).CopyTo(cut.AsSpan(piece * Width));
        }
        return cut;
    }
}
