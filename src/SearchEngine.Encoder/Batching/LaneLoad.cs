using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Batching;

/// <summary>Predicted work by lane and in the executors, and what may be added to it. The queue's lock guards it.</summary>
internal sealed class LaneLoad(LaneRules rules, int executors)
{
    /// <summary>
    /// A call is taken only if this many times what is predicted is left: a queue whose texts are all about to expire runs them one by
    /// one, since none of them can wait for mates, and so makes even more of them late.
    /// </summary>
    private const double Headroom = 1.3;

    /// <summary>Texts that may wait in a lane: the policy looks at each of them for every batch, while the queue is locked.</summary>
    public const int MostTexts = 8_192;

    // What is empty counts nothing: sums of fractions leave a rest, which would be taken for work for ever.
    private readonly double[] _queued = new double[rules.QueueMillis.Count];
    private readonly int[] _texts = new int[rules.QueueMillis.Count];
    private double _running;
    private int _batches;

    /// <summary>Nothing waits and nothing runs.</summary>
    public bool IsIdle => _batches == 0 && Array.TrueForAll(_texts, static texts => texts == 0);

    /// <summary>Batches at work.</summary>
    public int Running => _batches;

    public double Queued(LaneKind lane) => _queued[(int)lane];

    public bool HasPlace(LaneKind lane) => _texts[(int)lane] < MostTexts;

    public void Add(WaitingText text)
    {
        _queued[(int)text.Lane] += text.ShareMillis;
        _texts[(int)text.Lane]++;
    }

    public void Remove(WaitingText text)
    {
        var lane = (int)text.Lane;
        _queued[lane] = --_texts[lane] == 0 ? 0 : Math.Max(0, _queued[lane] - text.ShareMillis);
    }

    public void Start(double millis)
    {
        _running += millis;
        _batches++;
    }

    public void End(double millis) => _running = --_batches == 0 ? 0 : Math.Max(0, _running - millis);

    /// <summary>Until what waits now in this lane and more urgent ones is done. Half of what runs is done on average.</summary>
    public double WaitMillis(LaneKind lane)
    {
        var ahead = _running / 2;
        for (var urgent = 0; urgent <= (int)lane; urgent++)
            ahead += _queued[urgent];
        return ahead / executors;
    }

    /// <summary>Until work would be done that is added now, on the safe side.</summary>
    /// <param name="lane">Where it would wait.</param>
    /// <param name="work">Its predicted milliseconds, all texts together.</param>
    /// <param name="longest">Predicted milliseconds of its longest text by itself.</param>
    public double PredictedMillis(LaneKind lane, double work, double longest) =>
        Headroom * (WaitMillis(lane) + Math.Max(work / executors, longest));

    /// <summary>Refuses work that does not fit into its lane, or that would come too late.</summary>
    /// <param name="lane">Where it would wait.</param>
    /// <param name="texts">How many.</param>
    /// <param name="work">Their predicted milliseconds, all together.</param>
    /// <param name="longest">Predicted milliseconds of the longest by itself.</param>
    /// <param name="remaining">Milliseconds until it is worth nothing any more; infinite where there is no deadline.</param>
    public void Admit(LaneKind lane, int texts, double work, double longest, double remaining)
    {
        var (waiting, wait, queued, limit) = (_texts[(int)lane], WaitMillis(lane), Queued(lane), rules.QueueMillis[(int)lane]);
        // What is larger than the lane itself is taken when it is empty: it would never fit otherwise.
        if (waiting > 0 && queued + work > limit)
            throw AdmissionErrors.Overloaded(lane, queued, limit, wait);
        if (waiting > 0 && waiting + texts > MostTexts)
            throw Crowded(lane);
        var predicted = PredictedMillis(lane, work, longest);
        if (predicted > remaining)
            throw AdmissionErrors.Late(predicted, remaining, wait);
    }

    /// <summary>The refusal of a text that has no place in its lane.</summary>
    public RpcException Crowded(LaneKind lane) => AdmissionErrors.Crowded(lane, _texts[(int)lane], MostTexts, WaitMillis(lane));
}
