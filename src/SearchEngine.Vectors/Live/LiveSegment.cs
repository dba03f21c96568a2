using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// The mutable segment. A row is found by every search that begins after <see cref="Append"/> returned: by a scan that is exact until
/// a writer has linked it (<see cref="LinkPending"/>), by the graph from then on. Any number of threads append, link,
/// delete and search at once; searches take no lock. Ordinals are given in order of arrival and never used again: a freeze
/// is what gives the memory of dead rows back.
/// </summary>
public sealed class LiveSegment : IDisposable
{
    private readonly LiveOptions _options;
    private readonly LiveLinking _linking;
    private readonly ReaderWriterLockSlim _writing = new(LockRecursionPolicy.NoRecursion);
    private bool _sealed;
    private bool _closed;

    public LiveSegment(LiveOptions options)
    {
        options.Validate();
        _options = options;
        _linking = new LiveLinking(this);
        Rows = new LiveRows(options);
        var report = new CalibrationReport(0, 1f, 0f, 0f, 0f, ScaleMode.Global, 0f, 0f);
        int[] cuts = [.. options.Graph.PrefixDimensions];
        int codeDimension = new Rotation(options.Dimension, cuts, options.Graph.Seed).CodeDimension;
        Uncalibrated = new Calibration(options.Dimension, cuts, options.Graph.Seed, new float[codeDimension], 1f, report);
    }

    public Metric Metric => _options.Graph.Metric;

    public int Dimension => _options.Dimension;

    /// <summary>Rows appended, dead ones included; every ordinal is below.</summary>
    public int Count => Rows.Count;

    /// <summary>Rows that are not dead.</summary>
    public int LiveCount => Rows.Count - Rows.Dead.Count;

    /// <summary>Rows that a search scans because no writer has linked them yet.</summary>
    public int PendingCount => Rows.Count - (Index?.LinkedBelow ?? 0);

    /// <summary>Bytes of memory put behind rows, codes and links; scratch of searchers and writers excluded.</summary>
    public long CommittedBytes => Rows.CommittedBytes + (Index?.CommittedBytes ?? Early?.CommittedBytes ?? 0);

    /// <summary>Whether writing has ended and every row is linked that ever will be.</summary>
    public bool IsSealed => Volatile.Read(ref _sealed);

    /// <summary>What a target recall is translated by; measured anew whenever the linked rows have doubled. Null before the first
    /// 2,000: searches for a target then take the widest margin.</summary>
    public TuningCurve? Tuning => Index?.Tuned.Tuning is [TuningCurve curve, ..] ? curve : null;

    internal LiveOptions Options => _options;

    internal LiveRows Rows { get; }

    /// <summary>Null until there are enough rows to calibrate on.</summary>
    internal LiveIndex? Index => _linking.Index;

    /// <summary>Codes of the rows while there is no index; null without.</summary>
    internal LiveCodes? Early => _linking.Early;

    internal ReaderEpochs Epochs { get; } = new();

    internal bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Enough to prepare a query for exact scores.</summary>
    internal Calibration Uncalibrated { get; }

    /// <summary>Takes in a row. Cheap: the row is copied, nothing is searched.</summary>
    /// <param name="row">Dimension finite values.</param>
    /// <param name="source">The caller's number for the row, see <see cref="SourceRow"/>.</param>
    /// <returns>Its ordinal.</returns>
    public uint Append(ReadOnlySpan<float> row, uint source)
    {
        _writing.EnterReadLock();
        try
        {
            ThrowIfSealed();
            return Rows.Append(row, source);
        }
        finally
        {
            _writing.ExitReadLock();
        }
    }

    /// <summary>Links appended rows into the graph, oldest first, until none waits or <paramref name="most"/> are done.</summary>
    /// <returns>How many were linked; 0 also while there are too few rows for a graph.</returns>
    public int LinkPending(int most, CancellationToken cancel = default)
    {
        int done = 0;
        while (done < most && TryLinkNext())
        {
            done++;
            cancel.ThrowIfCancellationRequested();
        }
        return done;
    }

    /// <summary>Kills a row. No search that begins after this returned finds it; the graph around it is repaired.</summary>
    /// <returns>False when it was dead already.</returns>
    public bool Delete(uint ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, (uint)Rows.Count);
        _writing.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            if (!Rows.Dead.Add(ordinal))
            {
                return false;
            }
            // A sealed graph is being read by a freeze, which drops dead rows anyway. A row in the middle of being linked
            // is left to the next sweep.
            if (!_sealed && Index is LiveIndex index && index.IsLinked(ordinal))
            {
                _linking.WithWorker(worker => LiveDeletion.Repair(index, worker, ordinal));
            }
            return true;
        }
        finally
        {
            _writing.ExitReadLock();
        }
    }

    /// <summary>
    /// Removes the last links to dead rows and links rows that can no longer be reached. Runs beside writers and searches;
    /// worth it whenever a tenth of the rows has died since the last time.
    /// </summary>
    public SweepReport Sweep(CancellationToken cancel = default)
    {
        _writing.EnterReadLock();
        try
        {
            ThrowIfSealed();
            SweepReport report = default;
            if (Index is LiveIndex index)
            {
                _linking.WithWorker(worker => report = LiveSweep.Run(index, worker, cancel));
            }
            return report;
        }
        finally
        {
            _writing.ExitReadLock();
        }
    }

    /// <summary>Share of randomly chosen live rows that a walk finds by their own code: a cheap sign of a graph that rots.</summary>
    /// <param name="sample">Rows chosen.</param>
    /// <param name="breadth">Breadth of the walks.</param>
    public double ProbeSelfRecall(int sample, int breadth, ulong seed)
    {
        _writing.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            double recall = 1;
            if (Index is LiveIndex index)
            {
                _linking.WithWorker(worker => recall = LiveProbe.Run(index, worker, sample, breadth, seed));
            }
            return recall;
        }
        finally
        {
            _writing.ExitReadLock();
        }
    }

    /// <summary>The caller's number of a row.</summary>
    public uint SourceRow(uint ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, (uint)Rows.Count);
        return Rows.Sources.RowAs<uint>(ordinal)[0];
    }

    /// <summary>Reads a row back in the caller's coordinates and length, within the precision it is stored with.</summary>
    public void CopyRow(uint ordinal, Span<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, (uint)Rows.Count);
        Rows.Truth.Restore(ordinal, row[..Dimension]);
    }

    /// <summary>Throws what <see cref="Append"/> would throw for this row; whoever appends to several segments asks all of them first.</summary>
    public void Check(ReadOnlySpan<float> row) => Rows.Check(row);

    public bool IsDead(uint ordinal) => Rows.Dead.Contains(ordinal);

    public LiveSearcher CreateSearcher() => new(this);

    /// <summary>
    /// Ends writing: waits for the writers, links what still waits. From here on rows can only be killed, which
    /// searches respect and a freeze that has begun does not.
    /// </summary>
    public void Seal(CancellationToken cancel = default)
    {
        _writing.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _sealed = true;
        }
        finally
        {
            _writing.ExitWriteLock();
        }
        _ = LinkPending(int.MaxValue, cancel);
    }

    /// <summary>Frees the memory when the last running search has ended. No writer is at work, and none comes.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, true))
        {
            return;
        }
        Epochs.WaitFor(Epochs.Advance());
        _writing.EnterWriteLock();
        _writing.ExitWriteLock();
        _linking.Dispose();
        Rows.Dispose();
        _writing.Dispose();
    }

    private bool TryLinkNext()
    {
        _writing.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return _linking.TryLinkNext();
        }
        finally
        {
            _writing.ExitReadLock();
        }
    }

    private void ThrowIfSealed()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (_sealed)
        {
            throw new InvalidOperationException("The live segment is sealed: append to its successor.");
        }
    }
}
