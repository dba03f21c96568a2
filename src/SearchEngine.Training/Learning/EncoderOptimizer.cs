using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Learning;

/// <summary>Moves the parameters against the gradient of a batch.</summary>
internal sealed class EncoderOptimizer
{
    private readonly EncoderParameters _parameters;
    private readonly Adam _embeddings;
    private readonly Adam[] _weights;
    private readonly Adam[] _heads;

    public EncoderOptimizer(EncoderParameters parameters)
    {
        _parameters = parameters;
        _embeddings = new Adam(parameters.Embeddings, parameters.Dimension);
        _weights = [.. parameters.LogWeights.Select(weights => new Adam(weights, 1))];
        _heads = [.. parameters.Heads.Select(head => new Adam(head, parameters.Dimension))];
    }

    public IEnumerable<float[]> State() => [.. _embeddings.State(), .. _weights.Concat(_heads).SelectMany(adam => adam.State())];

    /// <param name="gradient">Of a batch at the present parameters.</param>
    /// <param name="rates">Steps per kind of parameter.</param>
    /// <param name="workers">Threads.</param>
    public void Step(BatchGradient gradient, LearningRates rates, Workers workers)
    {
        var dimension = _parameters.Dimension;
        workers.For(gradient.Pieces.Length, place =>
        {
            _embeddings.Step(gradient.Pieces[place], gradient.EmbeddingSlopes.AsSpan(place * dimension, dimension), rates.Embeddings);
            for (var side = 0; side < EncoderParameters.Sides; side++)
                _weights[side].Step(gradient.Pieces[place], gradient.WeightSlopes[side].AsSpan(place, 1), rates.Weights);
        });
        workers.For(EncoderParameters.Sides * dimension, item =>
        {
            var (side, row) = (item / dimension, item % dimension);
            _heads[side].Step(row, gradient.HeadSlopes[side].AsSpan(row * dimension, dimension), rates.Heads);
        });
    }
}
