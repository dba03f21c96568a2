namespace SearchEngine.Testing.Vectors;

/// <summary>
/// Counter-based SplitMix64: the stream and the row determine every draw, so any row can be generated on its own, on any
/// thread and in any language. Not thread-safe; a value to be used by one generator of one row.
/// </summary>
public struct CounterRandom
{
    private const double ToUnit = 1.0 / (1UL << 53);

    private ulong _state;
    private double _spare;
    private bool _hasSpare;

    public CounterRandom(ulong seed, ulong stream, ulong row) =>
        _state = Mix(Mix(Mix(seed) ^ (stream * 0xD1342543DE82EF95UL)) ^ (row * 0x2545F4914F6CDD1DUL));

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Finalize(_state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * ToUnit;

    /// <summary>Standard normal by Box-Muller: the cosine value first, its spare at the next call.</summary>
    public double Gaussian()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        double a = ((Next() >> 11) + 1) * ToUnit;
        double radius = Math.Sqrt(-2 * Math.Log(a));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * Uniform());
        _spare = radius * sin;
        _hasSpare = true;
        return radius * cos;
    }

    private static ulong Mix(ulong z) => Finalize(z + 0x9E3779B97F4A7C15UL);

    private static ulong Finalize(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
