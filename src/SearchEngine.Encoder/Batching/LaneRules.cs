namespace SearchEngine.Encoder.Batching;

/// <summary>How the lanes share the executors.</summary>
internal sealed record LaneRules
{
    public static readonly LaneRules Default = new();

    private const int Lanes = 3;

    /// <summary>
    /// A lane with texts waiting is served at least this often, whatever waits in more urgent ones: no lane starves, and none is
    /// kept from its work by more than one batch of another in that time. Unit: milliseconds.
    /// </summary>
    public IReadOnlyList<double> Patience { get; init; } = [double.PositiveInfinity, 150, 500];

    /// <summary>
    /// Until when a text without a deadline, or with a far one, should be done; orders texts of a lane. Unit: milliseconds from its
    /// arrival.
    /// </summary>
    public IReadOnlyList<double> Goal { get; init; } = [1_000, 5_000, 60_000];

    /// <summary>
    /// Most predicted time of a batch, beyond its first row: what a query that comes right behind it waits. Unit: milliseconds.
    /// </summary>
    public IReadOnlyList<double> LongestBatch { get; init; } = [40, 60, 80];

    /// <summary>Greatest share of padding that shorter texts may bring into a batch; those of its own bucket would have theirs anyway.</summary>
    public double PaddingShare { get; init; } = 0.15;

    /// <summary>Predicted work that may wait in a lane, by all its callers together. Unit: milliseconds of one executor.</summary>
    public IReadOnlyList<double> QueueMillis { get; init; } = [500, 4_000, 20_000];

    /// <exception cref="ArgumentException">A list has not one value for each lane, or a value makes no sense.</exception>
    public void Validate()
    {
        foreach (var (name, values) in new[]
            { (nameof(Patience), Patience), (nameof(Goal), Goal), (nameof(LongestBatch), LongestBatch), (nameof(QueueMillis), QueueMillis) })
        {
            if (values.Count != Lanes || values.Any(v => !(v > 0)))
                throw new ArgumentException($"{name} needs a positive number for each of the {Lanes} lanes, or lanes would never be served.");
        }
        if (PaddingShare is not (>= 0 and < 1))
            throw new ArgumentException($"{nameof(PaddingShare)} is {PaddingShare}; a share is from 0 to below 1.");
    }
}
