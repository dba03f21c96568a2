using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// Codes and graph of a live segment, from the moment it was calibrated. Rows are taken in order of arrival; a row is linked
/// by one writer, several writers work at once, readers walk all the time.
/// </summary>
internal sealed class LiveIndex : IDisposable
{
    private readonly LiveRows _rows;
    private readonly LevelDraw _draw;
    private readonly ReservedRows _links;
    private readonly ReservedRows _upperLinks;
    private readonly ReservedRows _upperIndex;
    private readonly byte[] _levels;
    private readonly bool[] _linked;
    private readonly Lock _progress = new();
    private int _upperUsed;
    private int _taken;
    private int _linkedBelow;
    private long _entry = -1;
    private int _tuneAt = LiveTuner.LeastRows;
    private Calibration _tuned;

    /// <param name="rows">The rows.</param>
    /// <param name="options">Of the graph.</param>
    /// <param name="encoded">Their codes; belongs to the index from now on.</param>
    public LiveIndex(LiveRows rows, SegmentOptions options, LiveCodes encoded)
    {
        _rows = rows;
        Encoded = encoded;
        Calibration calibration = encoded.Calibration;
        Options = new GraphBuildOptions(options.MaxLinks, options.BuildBreadth, 1);
        _draw = new LevelDraw(options.MaxLinks, options.Seed);
        int capacity = rows.Capacity;
        // Rows above level 0 number capacity / (M - 1) on average; when chance runs out, further rows stay below.
        int upper = (int)Math.Min(int.MaxValue / 2, 1.25 * capacity / (options.MaxLinks - 1) + 256);
        _links = ReservedRows.Reserve(capacity, Options.MaxBaseLinks * sizeof(uint));
        _upperLinks = ReservedRows.Reserve(upper + LevelDraw.MaxLevel, options.MaxLinks * sizeof(uint));
        _upperIndex = ReservedRows.Reserve(capacity, sizeof(uint));
        Levels = new LiveLevel[LevelDraw.MaxLevel + 1];
        Levels[0] = new LiveLevel(_links);
        for (int level = 1; level < Levels.Length; level++)
        {
            Levels[level] = new LiveLevel(_upperLinks, _upperIndex, level - 1);
        }
        Space = new CodeSpace(calibration, options.Metric, Codes, Corrections) { Truth = rows.Truth };
        _tuned = calibration;
        Inbound = new InboundCounts(capacity);
        _levels = new byte[capacity];
        _linked = new bool[capacity];
    }

    public GraphBuildOptions Options { get; }

    public CodeSpace Space { get; }

    public LiveCodes Encoded { get; }

    public ReservedRows Codes => Encoded.Codes;

    public ReservedRows? Corrections => Encoded.Corrections;

    public LiveLevel[] Levels { get; }

    public RowLocks Locks { get; } = new();

    public InboundCounts Inbound { get; }

    public Tombstones Dead => _rows.Dead;

    /// <summary>Every row below is linked; the walk need not see the ones above, they are scanned.</summary>
    public int LinkedBelow => Volatile.Read(ref _linkedBelow);

    public bool HasEntry => Volatile.Read(ref _entry) >= 0;

    /// <summary>Where walks start and its level, published together as one word.</summary>
    public (uint Ordinal, int Level) Entry
    {
        get
        {
            long entry = Volatile.Read(ref _entry);
            return ((uint)entry, (int)(entry >> 32));
        }
    }

    /// <summary>The calibration with the curve that was measured last.</summary>
    public Calibration Tuned => Volatile.Read(ref _tuned);

    public long CommittedBytes => Encoded.CommittedBytes + _links.CommittedBytes + _upperLinks.CommittedBytes + _upperIndex.CommittedBytes;

    /// <summary>Whether no walk can tell two rows apart: they have the same code, or are equal where walks read the rows.</summary>
    public bool AreTwins(uint a, uint b) => Space.Calibration.Report.WalksTruth
        ? _rows.Truth.Rows.Row(a).SequenceEqual(_rows.Truth.Rows.Row(b))
        : Encoded.AreEqual(a, b);

    public int LevelOf(uint ordinal) => _levels[ordinal];

    /// <summary>The next row to link belongs to the caller; false when none that is encoded waits.</summary>
    public bool TryTake(out uint ordinal)
    {
        int next = Volatile.Read(ref _taken);
        while (next < Encoded.Below)
        {
            int before = Interlocked.CompareExchange(ref _taken, next + 1, next);
            if (before == next)
            {
                ordinal = (uint)next;
                return true;
            }
            next = before;
        }
        ordinal = 0;
        return false;
    }

    /// <summary>Gives a taken row its level and empty link rows.</summary>
    public void Begin(uint ordinal)
    {
        _links.Ensure((int)ordinal + 1);
        Space.Take(ordinal);
        int level = TakeUpperRows(ordinal, _draw.Of(ordinal));
        _levels[ordinal] = (byte)level;
        for (int l = 0; l <= level; l++)
        {
            Levels[l].Initialise(ordinal);
        }
    }

    /// <summary>Notes that a taken row is linked, or dead and not worth it.</summary>
    public void Finish(uint ordinal)
    {
        Volatile.Write(ref _linked[ordinal], true);
        // Under a lock: two writers that advance from the same place could leave the later row behind.
        lock (_progress)
        {
            int below = _linkedBelow;
            while (below < _rows.Count && Volatile.Read(ref _linked[below]))
            {
                below++;
            }
            Volatile.Write(ref _linkedBelow, below);
        }
    }

    /// <summary>Tuning is due and the caller's to do: whenever twice as many rows are linked as the last time.</summary>
    public bool TryTakeTuning(out int linked)
    {
        linked = LinkedBelow;
        int at = Volatile.Read(ref _tuneAt);
        return linked >= at && Interlocked.CompareExchange(ref _tuneAt, (int)Math.Min(int.MaxValue, 2L * linked), at) == at;
    }

    public void SetTuning(TuningCurve curve) => Volatile.Write(ref _tuned, Space.Calibration.WithTuning([curve]));

    public bool IsLinked(uint ordinal) => Volatile.Read(ref _linked[ordinal]);

    /// <summary>Makes a row the first entry point; false when there is one already.</summary>
    public bool TryBeFirst(uint ordinal) => Interlocked.CompareExchange(ref _entry, Pack(ordinal), -1) == -1;

    /// <summary>Makes a linked row the entry point if it stands higher than the present one.</summary>
    public void OfferEntry(uint ordinal)
    {
        long seen = Volatile.Read(ref _entry);
        while (seen >> 32 < LevelOf(ordinal))
        {
            long before = Interlocked.CompareExchange(ref _entry, Pack(ordinal), seen);
            if (before == seen)
            {
                return;
            }
            seen = before;
        }
    }

    /// <summary>Replaces a dead entry point, whatever the levels. Null when no linked row lives: the next one linked begins
    /// a new graph, instead of hanging below a dead one.</summary>
    public void ReplaceEntry(uint dead, uint? live) =>
        Interlocked.CompareExchange(ref _entry, live is uint ordinal ? Pack(ordinal) : -1, Pack(dead));

    public void Dispose()
    {
        Encoded.Dispose();
        _links.Dispose();
        _upperLinks.Dispose();
        _upperIndex.Dispose();
    }

    private long Pack(uint ordinal) => ((long)LevelOf(ordinal) << 32) | ordinal;

    private int TakeUpperRows(uint ordinal, int level)
    {
        if (level == 0)
        {
            return 0;
        }
        int end = Interlocked.Add(ref _upperUsed, level);
        if (end > _upperLinks.Count)
        {
            return 0;
        }
        _upperIndex.Ensure((int)ordinal + 1);
        _upperLinks.Ensure(end);
        _upperIndex.RowAs<uint>(ordinal)[0] = (uint)(end - level);
        return level;
    }
}
