namespace SearchEngine.Encoder.Batching;

/// <summary>Predicted work by lane and in the executors, and what may be added to it. The queue's lock guards it.</summary>
internal sealed class LaneLoad(LaneRules rules, int executors)
{
    /// <summary>
    /// A call is taken only if this many times what is predicted is left: a queue whose texts are all about to expire runs them one by
    /// one, since none of them can wait for mates, and so makes even more of them late.
    /// </summary>
    private const double Headroom = 1.3;

    private readonly double[] _queued = new double[rules.QueueMillis.Count];
    private double _running;

    public double Queued(LaneKind lane) => _queued[(int)lane];

    public void Add(WaitingText text) => _queued[(int)text.Lane] += text.ShareMillis;

    public void Remove(WaitingText text) => _queued[(int)text.Lane] = Math.Max(0, _queued[(int)text.Lane] - text.ShareMillis);

    public void Start(double millis) => _running += millis;

    public void End(double millis) => _running = Math.Max(0, _running - millis);

    /// <summary>Until what waits now in this lane and more urgent ones is done. Half of what runs is done on average.</summary>
    public double WaitMillis(LaneKind lane)
    {
        var ahead = _running / 2;
        for (var urgent = 0; urgent <= (int)lane; urgent++)
            ahead += _queued[urgent];
        return ahead / executors;
    }

    /// <summary>Refuses work that does not fit into its lane, or that would come too late.</summary>
    /// <param name="lane">Where it would wait.</param>
    /// <param name="work">Its predicted milliseconds, all texts together.</param>
    /// <param name="longest">Predicted milliseconds of its longest text by itself.</param>
    /// <param name="remaining">Milliseconds until it is worth nothing any more; infinite where there is no deadline.</param>
    public void Admit(LaneKind lane, double work, double longest, double remaining)
    {
        var (wait, queued, limit) = (WaitMillis(lane), Queued(lane), rules.QueueMillis[(int)lane]);
        // What is larger than the lane itself is taken when it is empty: it would never fit otherwise.
        if (queued > 0 && queued + work > limit)
            throw AdmissionErrors.Overloaded(lane, queued, limit, wait);
        var predicted = Headroom * (wait + Math.Max(work / executors, longest));
        if (predicted > remaining)
            throw AdmissionErrors.Late(predicted, remaining, wait);
    }
}
