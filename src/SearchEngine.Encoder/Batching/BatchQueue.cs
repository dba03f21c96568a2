using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Batching;

/// <summary>
/// The waiting list that callers add to and executors take from. Work is refused at the door by what is predicted, leaves when its
/// caller goes, and otherwise goes when <see cref="BatchPolicy"/> says. Any thread may call anything.
/// </summary>
internal sealed class BatchQueue
{
    /// <summary>Predicted milliseconds that a caller's thread, which is one of the pool's, may be kept from other calls.</summary>
    private const double MostOwnMillis = 20;

    private readonly object _gate = new();
    private readonly List<WaitingText> _waiting = [];
    private readonly int _executors;
    private readonly LaneRules _rules;
    private readonly LaneLoad _load;
    private readonly double[] _servedAt;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private long _batches;
    private bool _stopping;

    public BatchQueue(LaneRules rules, int executors, TimeProvider clock)
    {
        rules.Validate();
        (_rules, _executors) = (rules, executors);
        _load = new LaneLoad(rules, executors);
        _servedAt = new double[rules.QueueMillis.Count];
        _clock = clock;
        _began = clock.GetTimestamp();
    }

    /// <summary>Milliseconds since the queue was made.</summary>
    public double Now => _clock.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>Texts that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    public LaneRules Rules => _rules;

    /// <summary>Predicted milliseconds that wait in a lane.</summary>
    public double QueuedMillis(LaneKind lane)
    {
        lock (_gate)
            return _load.Queued(lane);
    }

    /// <summary>Refuses at the door, before a text is even tokenized, what comes to a full lane or too late for any text.</summary>
    /// <param name="lane">Where it would wait.</param>
    /// <param name="remaining">Milliseconds until it is worth nothing any more.</param>
    public void Knock(LaneKind lane, double remaining)
    {
        lock (_gate)
            _load.Admit(lane, 1, 0, 0, remaining);
    }

    /// <summary>Adds the texts of one call, all or none.</summary>
    /// <param name="texts">Of one lane and one model.</param>
    /// <param name="remaining">Milliseconds until the call is worth nothing any more.</param>
    public void Submit(IReadOnlyList<WaitingText> texts, double remaining)
    {
        lock (_gate)
        {
            Admit(texts, remaining);
            Add(texts);
        }
    }

    /// <summary>
    /// The same; where nothing waits or runs and the texts are a single short query, the caller is to run it itself, and has to call
    /// <see cref="End"/>: waking an executor, and being woken by it, takes a tenth of what such a query does.
    /// </summary>
    /// <returns>What to run; null where executors will.</returns>
    public ChosenBatch? SubmitOrTake(IReadOnlyList<WaitingText> texts, double remaining)
    {
        lock (_gate)
        {
            Admit(texts, remaining);
            if (_load.IsIdle && texts is [{ Lane: LaneKind.Query } text] && text.Group.Pace.Millis(1, text.Length) is var millis and <= MostOwnMillis)
                return Start(texts, [], text.Length, millis, Now, text.Lane);
            Add(texts);
            return null;
        }
    }

    /// <summary>Adds a text that credits have let in already, whatever its lane's predicted work.</summary>
    /// <exception cref="RpcException">The lane has no place for one more text, or the queue is stopping.</exception>
    public void SubmitWithin(WaitingText text)
    {
        lock (_gate)
        {
            if (_stopping)
                throw AdmissionErrors.Stopping();
            if (!_load.HasPlace(text.Lane))
                throw _load.Crowded(text.Lane);
            Add([text]);
        }
    }

    /// <summary>Wakes an executor so that texts whose callers have gone leave now.</summary>
    public void Sweep()
    {
        lock (_gate)
            RemoveAll(static text => text.IsAbandoned);
    }

    /// <summary>Waits for a batch; null once the queue has stopped. The texts it refuses to run are told before this returns.</summary>
    public ChosenBatch? Take()
    {
        while (true)
        {
            ChosenBatch chosen;
            lock (_gate)
            {
                while ((_waiting.Count == 0 || _load.Running >= _executors) && !_stopping)
                    Monitor.Wait(_gate);
                if (_stopping)
                    return null;
                chosen = Choose();
            }
            foreach (var late in chosen.Late)
                late.Sink?.Failed(late, AdmissionErrors.Late(late.Group.Pace.Millis(1, late.Bucket), Math.Max(0, late.Deadline - Now), 0));
            if (chosen.Texts.Count > 0)
                return chosen;
        }
    }

    /// <summary>A batch that was taken is over.</summary>
    public void End(ChosenBatch batch)
    {
        lock (_gate)
        {
            _load.End(batch.PredictedMillis);
            // An executor may have kept away from what waits, since a caller was at work in its place.
            if (_waiting.Count > 0)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Lets executors go and refuses what waits.</summary>
    public void Stop()
    {
        List<WaitingText> left;
        lock (_gate)
        {
            _stopping = true;
            left = [.. _waiting];
            RemoveAll(static _ => true);
            Monitor.PulseAll(_gate);
        }
        foreach (var text in left)
            text.Sink?.Failed(text, AdmissionErrors.Stopping());
    }

    // Called with the lock held.
    private void Admit(IReadOnlyList<WaitingText> texts, double remaining)
    {
        if (texts.Count == 0)
            return;
        if (_stopping)
            throw AdmissionErrors.Stopping();
        var work = texts.Sum(t => t.ShareMillis);
        var longest = texts.Max(t => t.Group.Pace.Millis(1, t.Bucket));
        var lane = texts[0].Lane;
        // A queue that refuses what it gets while it is idle runs nothing, and would never learn that its prediction is wrong.
        if (_load.IsIdle)
            texts[0].Group.Pace.Doubt(_load.PredictedMillis(lane, work, longest), remaining);
        _load.Admit(lane, texts.Count, work, longest, remaining);
    }

    // Called with the lock held.
    private void Add(IReadOnlyList<WaitingText> texts)
    {
        foreach (var text in texts)
        {
            _load.Add(text);
            _waiting.Add(text);
        }
        if (texts.Count == 1)
            Monitor.Pulse(_gate);
        else
            Monitor.PulseAll(_gate);
    }

    // Called with the lock held.
    private ChosenBatch Choose()
    {
        var now = Now;
        var choice = BatchPolicy.Choose(_waiting, now, _servedAt, _rules);
        var texts = choice.Batch.ConvertAll(i => _waiting[i]);
        var late = choice.Late.ConvertAll(i => _waiting[i]);
        var gone = new HashSet<WaitingText>([.. texts, .. late, .. choice.Abandoned.Select(i => _waiting[i])], ReferenceEqualityComparer.Instance);
        RemoveAll(gone.Contains);
        return texts.Count > 0
            ? Start(texts, late, choice.Length, choice.Millis, now, choice.Lane)
            : new ChosenBatch(_batches, texts, late, 0, 0, now);
    }

    // Called with the lock held.
    private ChosenBatch Start(
        IReadOnlyList<WaitingText> texts, IReadOnlyList<WaitingText> late, int length, double millis, double now, LaneKind lane)
    {
        _servedAt[(int)lane] = now;
        _load.Start(millis);
        return new ChosenBatch(++_batches, texts, late, length, millis, now);
    }

    // Called with the lock held.
    private void RemoveAll(Predicate<WaitingText> goes) => _waiting.RemoveAll(text =>
    {
        if (!goes(text))
            return false;
        _load.Remove(text);
        return true;
    });
}
