using SearchEngine.Training.Corpus;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Learning;

/// <summary>
/// InfoNCE (van den Oord et al. 2018) of a batch and its derivative by everything that is learned, summed over Matryoshka
/// prefixes (Kusupati et al. 2022). Every number is added up by one owner in one order: threads change nothing.
/// </summary>
internal sealed class BatchGradient
{
    private readonly EncoderParameters _parameters;
    private readonly Workers _workers;
    private readonly int _dimension;
    private readonly int _queries;
    private readonly TokenBag[] _texts;
    private readonly float[] _sums;
    private readonly float[] _vectors;
    private readonly float[] _vectorSlopes;
    private readonly float[] _sumSlopes;

    private BatchGradient(EncoderParameters parameters, ContrastiveBatch batch, Workers workers)
    {
        (_parameters, _workers, _dimension, _queries) = (parameters, workers, parameters.Dimension, batch.Queries.Length);
        _texts = [.. batch.Queries, .. batch.Documents];
        _sums = new float[_texts.Length * _dimension];
        _vectors = new float[_sums.Length];
        _vectorSlopes = new float[_sums.Length];
        _sumSlopes = new float[_sums.Length];
    }

    public double Loss { get; private set; }

    /// <summary>The pieces of the batch, ascending.</summary>
    public int[] Pieces { get; private set; } = [];

    /// <summary>Slopes of the pieces' embeddings, a row for each.</summary>
    public float[] EmbeddingSlopes { get; private set; } = [];

    /// <summary>Slopes of the pieces' log weights, by side.</summary>
    public float[][] WeightSlopes { get; private set; } = [];

    /// <summary>Slopes of the heads, by side.</summary>
    public float[][] HeadSlopes { get; private set; } = [];

    public static BatchGradient Of(
        EncoderParameters parameters, ContrastiveBatch batch, ContrastiveOptions options, Workers workers)
    {
        var gradient = new BatchGradient(parameters, batch, workers);
        gradient.Forward();
        foreach (var prefix in options.Prefixes)
            gradient.AddPrefix(batch.Keys, prefix, options.Temperature, 1f / options.Prefixes.Count);
        gradient.Backward();
        gradient.GatherPieces();
        return gradient;
    }

    private Side SideOf(int text) => text < _queries ? Side.Query : Side.Document;

    private Span<float> RowOf(float[] rows, int text) => rows.AsSpan(text * _dimension, _dimension);

    private void Forward() => _workers.For(_texts.Length, text =>
    {
        EncoderForward.Pool(_parameters, _texts[text], SideOf(text), RowOf(_sums, text));
        EncoderForward.ApplyHead(_parameters, SideOf(text), RowOf(_sums, text), RowOf(_vectors, text));
    });

    /// <summary>Loss over vectors cut to a prefix, and what it says to the vectors.</summary>
    private void AddPrefix(int[] keys, int prefix, float temperature, float share)
    {
        var documents = _texts.Length - _queries;
        var units = new float[_texts.Length * prefix];
        var lengths = new float[_texts.Length];
        _workers.For(_texts.Length, text =>
        {
            var unit = units.AsSpan(text * prefix, prefix);
            RowOf(_vectors, text)[..prefix].CopyTo(unit);
            lengths[text] = MathF.Max(Lanes.Length(unit), ContrastiveOptions.LeastLength);
            Lanes.Scale(unit, 1 / lengths[text]);
        });
        var slopes = new float[_queries * documents];
        var losses = new double[_queries];
        _workers.For(_queries, query =>
        {
            var row = slopes.AsSpan(query * documents, documents);
            for (var document = 0; document < documents; document++)
            {
                var isTwin = document != query && keys[document] == keys[query];
                var unit = units.AsSpan((_queries + document) * prefix, prefix);
                row[document] = isTwin ? float.NegativeInfinity : Lanes.Dot(units.AsSpan(query * prefix, prefix), unit) / temperature;
            }
            losses[query] = Softmax(row, query);
            Lanes.Scale(row, share / (temperature * _queries));
        });
        Loss += share * losses.Sum() / _queries;
        _workers.For(_texts.Length, () => new float[prefix], (text, slope) =>
        {
            Array.Clear(slope);
            var isQuery = text < _queries;
            for (var other = 0; other < (isQuery ? documents : _queries); other++)
            {
                var weight = isQuery ? slopes[text * documents + other] : slopes[other * documents + text - _queries];
                if (weight != 0)
                    Lanes.AddScaled(slope, units.AsSpan((isQuery ? _queries + other : other) * prefix, prefix), weight);
            }
            var unit = units.AsSpan(text * prefix, prefix);
            var target = RowOf(_vectorSlopes, text)[..prefix];
            Lanes.AddScaled(slope, unit, -Lanes.Dot(slope, unit));
            Lanes.AddScaled(target, slope, 1 / lengths[text]);
        });
    }

    /// <summary>Turns logits into what the loss says to them: probability, minus 1 for the positive. Returns the loss.</summary>
    private static double Softmax(Span<float> logits, int positive)
    {
        var greatest = float.NegativeInfinity;
        foreach (var logit in logits)
            greatest = MathF.Max(greatest, logit);
        var own = logits[positive];
        var sum = 0.0;
        foreach (ref var logit in logits)
        {
            logit = MathF.Exp(logit - greatest);
            sum += logit;
        }
        Lanes.Scale(logits, (float)(1 / sum));
        logits[positive] -= 1;
        return Math.Log(sum) - (own - greatest);
    }

    private void Backward()
    {
        _workers.For(_texts.Length, text =>
        {
            var slope = RowOf(_vectorSlopes, text);
            var target = RowOf(_sumSlopes, text);
            for (var i = 0; i < _dimension; i++)
                target[i] = slope[i] + Lanes.Dot(_parameters.HeadRow(SideOf(text), i), slope);
        });
        HeadSlopes = [new float[_dimension * _dimension], new float[_dimension * _dimension]];
        _workers.For(EncoderParameters.Sides * _dimension, item =>
        {
            var (side, row) = ((Side)(item / _dimension), item % _dimension);
            var target = HeadSlopes[(int)side].AsSpan(row * _dimension, _dimension);
            var (from, to) = side == Side.Query ? (0, _queries) : (_queries, _texts.Length);
            for (var text = from; text < to; text++)
                Lanes.AddScaled(target, RowOf(_vectorSlopes, text), _sums[text * _dimension + row]);
        });
    }

    private void GatherPieces()
    {
        var uses = new List<(int Piece, int Text, float Count)>();
        for (var text = 0; text < _texts.Length; text++)
        {
            for (var i = 0; i < _texts[text].Ids.Length; i++)
                uses.Add((_texts[text].Ids[i], text, _texts[text].Counts[i]));
        }
        uses.Sort((left, right) => left.Piece != right.Piece ? left.Piece.CompareTo(right.Piece) : left.Text.CompareTo(right.Text));
        var starts = new List<int>();
        for (var i = 0; i < uses.Count; i++)
        {
            if (i == 0 || uses[i].Piece != uses[i - 1].Piece)
                starts.Add(i);
        }
        Pieces = [.. starts.Select(start => uses[start].Piece)];
        EmbeddingSlopes = new float[Pieces.Length * _dimension];
        WeightSlopes = [new float[Pieces.Length], new float[Pieces.Length]];
        starts.Add(uses.Count);
        _workers.For(Pieces.Length, place =>
        {
            var embedding = _parameters.Row(Pieces[place]);
            var slope = RowOf(EmbeddingSlopes, place);
            for (var i = starts[place]; i < starts[place + 1]; i++)
            {
                var side = (int)SideOf(uses[i].Text);
                var weight = uses[i].Count * MathF.Exp(_parameters.LogWeights[side][Pieces[place]]);
                var textSlope = RowOf(_sumSlopes, uses[i].Text);
                Lanes.AddScaled(slope, textSlope, weight);
                WeightSlopes[side][place] += weight * Lanes.Dot(textSlope, embedding);
            }
        });
    }
}
