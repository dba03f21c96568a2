using SearchEngine.Encoder.Batching;

namespace SearchEngine.Encoder.Service.Streaming;

/// <summary>
/// What one stream has in the queue: so many sequences, and no more than a share of its lane's work, so that others fit beside it. One
/// flow takes room, executors give it back: once for each sequence, however often they say that it has ended.
/// </summary>
/// <param name="laneMillis">Predicted work that the lane takes.</param>
internal sealed class StreamWindow(double laneMillis)
{
    /// <summary>Most sequences: enough to fill batches of every length.</summary>
    public const int Room = 256;

    /// <summary>Of its lane's milliseconds; a sequence that takes more by itself goes alone.</summary>
    private const double LaneShare = 0.25;

    private readonly SemaphoreSlim _room = new(Room);
    private readonly Lock _gate = new();
    private readonly Dictionary<WaitingText, int> _held = [];

    /// <summary>Room that nobody holds.</summary>
    public int Free => _room.CurrentCount;

    /// <summary>Waits for the room of a sequence and tells how much that is. One flow at a time, or two could wait for each other.</summary>
    /// <param name="millis">Predicted work of the sequence.</param>
    /// <param name="cancel">The stream is over, and with it this window.</param>
    public async Task<int> TakeAsync(double millis, CancellationToken cancel)
    {
        var room = (int)Math.Clamp(Math.Ceiling(Room * millis / (LaneShare * laneMillis)), 1, Room);
        for (var taken = 0; taken < room; taken++)
            await _room.WaitAsync(cancel).ConfigureAwait(false);
        return room;
    }

    /// <summary>The room that was taken is this sequence's.</summary>
    public void Enter(WaitingText text, int room)
    {
        lock (_gate)
            _held.Add(text, room);
    }

    /// <summary>Gives a sequence's room back, unless it has been.</summary>
    public void Leave(WaitingText text)
    {
        int room;
        lock (_gate)
        {
            if (!_held.Remove(text, out room))
                return;
        }
        _room.Release(room);
    }

    /// <summary>Abandons sequences and gives their room back; returns how many they were.</summary>
    public int Abandon(Func<WaitingText, bool> which)
    {
        WaitingText[] gone;
        lock (_gate)
            gone = [.. _held.Keys.Where(which)];
        foreach (var text in gone)
        {
            text.Abandon();
            Leave(text);
        }
        return gone.Length;
    }
}
