using System.Collections.Concurrent;

namespace SearchEngine.Server.Search.Admission;

/// <summary>
/// Predicts the processor time of a search: a formula of rows, dimension and breadth times a running estimate of how far searches of the
/// same kind in the same space were off. Races lose a sample at worst.
/// </summary>
internal sealed class CostModel
{
    /// <summary>Weight of a new sample.</summary>
    private const double Gain = 0.1;

    /// <summary>A sample counts for at most so many times the present estimate: one search that was descheduled is no trend.</summary>
    private const double MostJump = 4;

    /// <summary>What a refusal takes off: an estimate that refuses everything would never be corrected by a measurement.</summary>
    private const double Doubt = 0.97;

    /// <summary>Doubts end here, as a share of the formula: whoever asks for impossible times on purpose must not make searches look free.</summary>
    private const double LeastDoubted = 0.01;

    private const int MostSpaces = 10_000;

    private readonly ConcurrentDictionary<(string Space, ShapeKind Kind), Factor> _factors = new();

    /// <summary>Microseconds, at least 1.</summary>
    public long Predict(in SearchShape shape)
    {
        double factor = _factors.TryGetValue((shape.Space, shape.Kind), out Factor? known) ? known.Value : 1;
        return Math.Max(1, (long)(shape.FormulaMicros * factor));
    }

    public void Learn(in SearchShape shape, long micros)
    {
        Factor factor = FactorOf(shape);
        double seen = Math.Min(micros / shape.FormulaMicros, MostJump * factor.Value);
        factor.Value += Gain * (seen - factor.Value);
    }

    /// <summary>A search was refused because of the prediction alone.</summary>
    public void Doubted(in SearchShape shape)
    {
        Factor factor = FactorOf(shape);
        if (factor.Value > LeastDoubted)
        {
            factor.Value = Math.Max(LeastDoubted, factor.Value * Doubt);
        }
    }

    private Factor FactorOf(in SearchShape shape)
    {
        if (_factors.TryGetValue((shape.Space, shape.Kind), out Factor? known))
        {
            return known;
        }
        if (_factors.Count >= MostSpaces)
        {
            // Collections come and go; what is in use is learned again at once.
            _factors.Clear();
        }
        return _factors.GetOrAdd((shape.Space, shape.Kind), static _ => new Factor());
    }

    private sealed class Factor
    {
        public double Value { get; set; } = 1;
    }
}
