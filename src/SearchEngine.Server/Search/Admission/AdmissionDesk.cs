using SearchEngine.Rpc;

namespace SearchEngine.Server.Search.Admission;

/// <summary>
/// Lets as much work in as there are processors, keeps the rest in two lanes bounded in predicted milliseconds, and refuses at the door
/// what would wait too long or come too late, so that what it lets in is served soon. Any thread may call anything.
/// </summary>
internal sealed class AdmissionDesk
{
    private readonly Lock _gate = new();
    private AdmissionSettings _settings;
    private readonly TimeProvider _clock;
    private readonly LaneQueue[] _lanes;
    private readonly WorkPace _pace;
    private int _running;
    private long _runningMicros;

    public AdmissionDesk(AdmissionSettings settings, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _pace = new WorkPace(clock);
        _lanes =
        [
            new LaneQueue(settings.InteractiveWeight, clock),
            new LaneQueue(settings.BulkWeight, clock),
        ];
    }

    public AdmissionSettings Settings => Volatile.Read(ref _settings);

    /// <summary>Work under way.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>A place is free and nobody waits: work that may be given up at any time can use the processor.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return IsFree;
            }
        }
    }

    /// <summary>Somebody waits, or every place is taken.</summary>
    public bool IsCrowded => !IsIdle;

    private bool IsFree => _running < _settings.Workers && _lanes[0].IsEmpty && _lanes[1].IsEmpty;

    /// <summary>Changes what may wait, from now on; who waits already goes on waiting.</summary>
    public void Change(AdmissionSettings settings)
    {
        lock (_gate)
        {
            _settings = settings;
        }
    }

    /// <summary>Predicted processor time that waits in a lane.</summary>
    public long QueuedMicros(LaneKind lane)
    {
        lock (_gate)
        {
            return _lanes[(int)lane].QueuedMicros;
        }
    }

    /// <summary>Asks for a place: never waits, and allocates nothing where one is free.</summary>
    public Entry Enter(in WorkOrder order)
    {
        lock (_gate)
        {
            LaneQueue lane = _lanes[(int)order.Lane];
            bool isFree = IsFree;
            long wait = isFree ? 0 : WaitMicros(lane);
            if (Late(order, wait, order.RemainingMicros) is { } late)
            {
                return new Entry(default, null, late, IsPrediction(order, wait, order.RemainingMicros));
            }
            if (isFree)
            {
                return new Entry(Start(order, 0), null, null);
            }
            if (MakeRoom(lane, order, wait) is { } full)
            {
                return new Entry(default, null, full);
            }
            var waiter = new Waiter(this, order, _clock.GetTimestamp());
            Queue(lane, waiter);
            return new Entry(default, waiter, null);
        }
    }

    /// <param name="cancel">Gives the wait up.</param>
    /// <exception cref="RpcException">PREDICTED_LATE or CONCURRENCY: its time ran out, or it gave way to others; nothing was started.</exception>
    public Task<Ticket> WaitAsync(Waiter waiter, CancellationToken cancel)
    {
        if (cancel.CanBeCanceled)
        {
            CancellationTokenRegistration watch =
                cancel.UnsafeRegister(static (state, token) => ((Waiter)state!).Desk.GiveUp((Waiter)state, token), waiter);
            lock (_gate)
            {
                waiter.Watch = watch;
                if (!waiter.IsWaiting)
                {
                    watch.Unregister();
                }
            }
        }
        return waiter.Task;
    }

    public void Leave(in Ticket ticket)
    {
        lock (_gate)
        {
            _running--;
            _runningMicros -= ticket.PredictedMicros;
            bool somebodyWaits = !_lanes[0].IsEmpty || !_lanes[1].IsEmpty;
            _pace.Ended(ticket.PredictedMicros, _settings.Workers, somebodyWaits);
            while (_running < _settings.Workers && Next() is { } lane)
            {
                Admit(lane.Take());
            }
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken token)
    {
        lock (_gate)
        {
            if (!waiter.IsWaiting)
            {
                return;
            }
            EndWait(waiter);
            _lanes[(int)waiter.Order.Lane].Remove(waiter);
        }
        waiter.TrySetCanceled(token);
    }

    // Unregistering does not wait for a watch that is being called and wants the gate.
    private static void EndWait(Waiter waiter)
    {
        waiter.IsWaiting = false;
        waiter.Watch.Unregister();
    }

    // A lane that was empty starts level with the busy one: it has not saved up time by asking for none.
    private void Queue(LaneQueue lane, Waiter waiter)
    {
        LaneQueue other = ReferenceEquals(lane, _lanes[0]) ? _lanes[1] : _lanes[0];
        if (lane.IsEmpty && !other.IsEmpty)
        {
            lane.Served = Math.Max(lane.Served, other.Served);
        }
        lane.Add(waiter);
    }

    private LaneQueue? Next() => (_lanes[0].IsEmpty, _lanes[1].IsEmpty) switch
    {
        (true, true) => null,
        (false, true) => _lanes[0],
        (true, false) => _lanes[1],
        _ => _lanes[0].Served <= _lanes[1].Served ? _lanes[0] : _lanes[1],
    };

    // What waited until it cannot be in time any more is refused now instead of being done for nothing.
    private void Admit(Waiter waiter)
    {
        EndWait(waiter);
        WorkOrder order = waiter.Order;
        long waited = (long)_clock.GetElapsedTime(waiter.Since).TotalMicroseconds;
        if (Late(order, 0, order.RemainingMicros - waited) is { } late)
        {
            waiter.IsPrediction = IsPrediction(order, 0, order.RemainingMicros - waited);
            waiter.TrySetException(late);
            return;
        }
        waiter.TrySetResult(Start(order, waited));
    }

    private Ticket Start(in WorkOrder order, long waited)
    {
        _running++;
        _runningMicros += order.PredictedMicros;
        return new Ticket(order.PredictedMicros, waited);
    }

    private RpcException? Late(in WorkOrder order, long wait, long? remaining)
    {
        long needed = wait + (order.MayBePartial ? 0 : order.PredictedMicros + _settings.SendReserveMicros);
        return remaining is { } left && needed > Math.Max(0, left) ? AdmissionErrors.Late(needed, Math.Max(0, left), wait) : null;
    }

    private bool IsPrediction(in WorkOrder order, long wait, long? remaining) =>
        !order.MayBePartial && remaining > wait + _settings.SendReserveMicros;

    private RpcException? MakeRoom(LaneQueue lane, in WorkOrder order, long wait)
    {
        long most = MostMicros(lane, order), share = (long)(_settings.MaxCallerShare * most), held = lane.QueuedOf(order.Caller);
        if (held > 0 && held + order.PredictedMicros > share && lane.HasOthersThan(order.Caller))
        {
            return AdmissionErrors.Concurrency(order.Caller, held, share, wait);
        }
        while (!lane.IsEmpty && lane.QueuedMicros + order.PredictedMicros > most)
        {
            // A caller that filled the queue while it was alone gives way to one that has not had its share.
            CallerQueue greatest = lane.Greatest;
            if (held + order.PredictedMicros > share || greatest.Caller == order.Caller || greatest.QueuedMicros <= share)
            {
                return AdmissionErrors.Overloaded(lane.QueuedMicros, most, wait);
            }
            Waiter evicted = lane.Evict(greatest);
            EndWait(evicted);
            evicted.TrySetException(AdmissionErrors.Concurrency(greatest.Caller, greatest.QueuedMicros, share, wait));
        }
        return null;
    }

    // Bulk work may wait as long as the queue is; somebody sits before interactive work. Searches that are slow themselves are not
    // refused for it: a few may wait per place, whatever they take.
    private long MostMicros(LaneQueue lane, in WorkOrder order)
    {
        if (order.Lane == LaneKind.Bulk)
        {
            return _settings.MaxQueueMicros;
        }
        bool stands = !lane.IsEmpty && _clock.GetElapsedTime(lane.WaitingSince) >= AdmissionSettings.Standing;
        double wait = _settings.MaxWaitMicros * (stands ? AdmissionSettings.StandingShare : 1);
        double inTime = wait * _settings.Workers / _pace.Stretch;
        double least = stands ? AdmissionSettings.LeastStanding : AdmissionSettings.LeastWaiters;
        double few = least * _settings.Workers * (lane.QueuedMicros + order.PredictedMicros) / (lane.Count + 1);
        return (long)Math.Min(_settings.MaxQueueMicros, Math.Max(inTime, few));
    }

    // Half of what runs is done on average; what waits in the other lane takes its share.
    private long WaitMicros(LaneQueue lane)
    {
        LaneQueue other = ReferenceEquals(lane, _lanes[0]) ? _lanes[1] : _lanes[0];
        double ahead = lane.QueuedMicros + Math.Min(other.QueuedMicros, lane.QueuedMicros * other.Weight / lane.Weight);
        return (long)((ahead + _runningMicros / 2.0) / _settings.Workers * _pace.Stretch);
    }
}
