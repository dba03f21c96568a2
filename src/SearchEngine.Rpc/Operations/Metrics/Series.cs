namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>One line of numbers: a sum, or for histograms also how many values fell below each bound. Any thread may record.</summary>
internal sealed class Series
{
    private readonly double[] _bounds;
    private readonly long[] _buckets;
    private double _sum;

    /// <param name="bounds">Of a histogram, ascending; empty for others.</param>
    public Series(double[] bounds)
    {
        _bounds = bounds;
        _buckets = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    }

    public double Sum => Volatile.Read(ref _sum);

    public void Add(double value)
    {
        double seen = Volatile.Read(ref _sum);
        while (true)
        {
            double before = Interlocked.CompareExchange(ref _sum, seen + value, seen);
            // The bits, not the values: a sum that has become NaN would never equal itself.
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen)) return;
            seen = before;
        }
    }

    public void Set(double value) => Volatile.Write(ref _sum, value);

    /// <summary>Into a histogram.</summary>
    public void Observe(double value)
    {
        int bucket = Array.BinarySearch(_bounds, value);
        Interlocked.Increment(ref _buckets[bucket < 0 ? ~bucket : bucket]);
        Add(value);
    }

    /// <summary>How many values were at most each bound, and at last how many there were.</summary>
    public long[] Cumulated()
    {
        var counts = new long[_buckets.Length];
        long sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            sum += Interlocked.Read(ref _buckets[i]);
            counts[i] = sum;
        }
        return counts;
    }
}
