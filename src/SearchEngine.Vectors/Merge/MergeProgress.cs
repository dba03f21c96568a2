using SearchEngine.Vectors.Graph;

namespace SearchEngine.Vectors.Merge;

/// <summary>
/// Keeps how far the graph of a merge has come, so that the next attempt to merge the same goes on from there, in another process too. It
/// makes the same segment as one without a break, since merges are deterministic. Nothing rests on what is kept: damaged or of other
/// inputs it counts as nothing. One merge at a time.
/// </summary>
public sealed class MergeProgress
{
    /// <summary>A merge that is cancelled keeps what it did since, if that took this part of the usual time.</summary>
    private const int PartsWhenEnding = 10;

    private readonly string _directory;
    private readonly byte[] _inputs;
    private readonly TimeProvider _clock;
    private byte[] _identity = [];
    private long _last;

    /// <summary>Rows of what is kept.</summary>
    private int _rows;

    /// <param name="directory">Of this merge alone; made when there is something to keep.</param>
    /// <param name="inputs">What the caller wants to know again, a few bytes; see <see cref="InputsOf"/>.</param>
    /// <param name="clock">Measures when something is due.</param>
    public MergeProgress(string directory, ReadOnlySpan<byte> inputs, TimeProvider clock)
    {
        _directory = directory;
        _inputs = inputs.ToArray();
        _clock = clock;
        _last = clock.GetTimestamp();
    }

    /// <summary>Time between two; a merge that takes less keeps nothing.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Asked whether so many bytes may be written.</summary>
    public Func<long, bool> HasRoom { get; init; } = static _ => true;

    /// <summary>Told why something could not be kept. The merge goes on.</summary>
    public Action<Exception> Failed { get; init; } = static _ => { };

    /// <summary>Told when something was kept, with the rows that are in the graph.</summary>
    public Action<int> Kept { get; init; } = static _ => { };

    /// <summary>Rows that were in the graph when this attempt began.</summary>
    public int Resumed { get; private set; }

    /// <summary>What the attempt that kept something there was given; null when there is nothing that can be used.</summary>
    public static byte[]? InputsOf(string directory)
    {
        byte[]? inputs = null;
        UseFirst(directory, kept => (inputs = KeptGraph.InputsOf(kept)) is not null);
        return inputs;
    }

    internal MergePosition Find(byte[] identity, IReadOnlyList<BuildLevel> levels, CancellationToken cancel)
    {
        _identity = identity;
        MergePosition found = default;
        UseFirst(_directory, kept => (found = KeptGraph.Read(kept, identity, _inputs, levels, cancel)).Rows > 0);
        Resumed = _rows = found.Rows;
        return found;
    }

    /// <summary>Keeps what was done if it is time, or the last chance.</summary>
    internal void Keep(MergePosition position, IReadOnlyList<BuildLevel> levels, CancellationToken cancel)
    {
        TimeSpan least = cancel.IsCancellationRequested ? Every / PartsWhenEnding : Every;
        if (position.Rows <= _rows || _clock.GetElapsedTime(_last) < least || !HasRoom(KeptGraph.BytesOf(levels)))
        {
            return;
        }
        try
        {
            KeptGraph.Write(_directory, _identity, _inputs, position, levels);
            _rows = position.Rows;
            Kept(position.Rows);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failed(failure);
        }
        _last = _clock.GetTimestamp();
    }

    // What cannot be used is as if it were not there: the merge begins anew.
    private static void UseFirst(string directory, Func<string, bool> isUsed)
    {
        foreach (string kept in KeptGraph.In(directory))
        {
            try
            {
                if (isUsed(kept))
                {
                    return;
                }
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
    }
}
