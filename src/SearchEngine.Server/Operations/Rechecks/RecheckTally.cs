namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>What the rechecks of one collection add up to.</summary>
internal sealed class RecheckTally(string collection, DateTimeOffset since)
{
    /// <summary>Rechecks that <see cref="Recent"/> looks back on: damage shows within as many, not only in the mean of all time.</summary>
    public const int Window = 100;

    private const double Z95 = 1.96;

    private readonly Lock _gate = new();
    private readonly Queue<double> _recent = new();
    private double _sum;
    private double _squares;
    private double _recentSum;

    public string Collection => collection;

    public DateTimeOffset Since => since;

    public long Count { get; private set; }

    public long Wrong { get; private set; }

    /// <summary>Mean recall of all.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Mean recall of the latest.</summary>
    public double Recent
    {
        get
        {
            lock (_gate)
            {
                return _recent.Count == 0 ? 0 : _recentSum / _recent.Count;
            }
        }
    }

    /// <summary>Lower end of the 95 % interval of the mean; 0 while there are too few to say.</summary>
    public double Low
    {
        get
        {
            lock (_gate)
            {
                if (Count < 2)
                {
                    return 0;
                }
                double variance = Math.Max(0, (_squares - _sum * _sum / Count) / (Count - 1));
                return Math.Clamp(Mean - Z95 * Math.Sqrt(variance / Count), 0, 1);
            }
        }
    }

    public void Add(double recall)
    {
        lock (_gate)
        {
            Count++;
            Wrong += recall < 1 ? 1 : 0;
            _sum += recall;
            _squares += recall * recall;
            _recent.Enqueue(recall);
            _recentSum += recall;
            if (_recent.Count > Window)
            {
                _recentSum -= _recent.Dequeue();
            }
        }
    }
}
