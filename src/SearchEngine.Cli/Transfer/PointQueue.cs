using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Transfer;

/// <summary>
/// Points numbered from 1, kept until they are acknowledged: what was sent on a stream that broke is sent again on the next.
/// Bounded by the credits that the server grants. Not safe for concurrent use.
/// </summary>
internal sealed class PointQueue(IEnumerator<Record> records, PointMap map)
{
    private readonly LinkedList<Wire.Point> _kept = [];
    private LinkedListNode<Wire.Point>? _next;
    private ulong _read;

    /// <summary>Everything up to this number is done.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>The number of the point that <see cref="TryPeek"/> shows.</summary>
    public ulong NextNumber { get; private set; } = 1;

    /// <summary>The next point to send; false at the end.</summary>
    public bool TryPeek(out Wire.Point point)
    {
        if (_next is null && records.MoveNext())
        {
            _read++;
            _next = _kept.AddLast(map.Of(records.Current));
        }
        point = _next?.Value!;
        return _next is not null;
    }

    /// <summary>The point that was shown is on its way.</summary>
    public void Sent()
    {
        _next = _next!.Next;
        NextNumber++;
    }

    public void Acknowledge(ulong through)
    {
        for (; Acknowledged < through && _kept.First is { } first && first != _next; Acknowledged++)
        {
            _kept.RemoveFirst();
        }
    }

    /// <summary>A new stream begins behind what the server has; records that it has from an earlier run are passed over.</summary>
    /// <exception cref="InputException">The server has forgotten what it had acknowledged, or has more than there is.</exception>
    public void BeginAfter(ulong through)
    {
        if (through < Acknowledged)
        {
            throw new InputException("The server has forgotten how far this import was. Start it again; what is written already is written once more, and not doubled.");
        }
        for (; Acknowledged < through && _kept.First is not null; Acknowledged++)
        {
            _kept.RemoveFirst();
        }
        for (; Acknowledged < through; Acknowledged++, _read++)
        {
            if (!records.MoveNext())
            {
                throw new InputException($"The server has {through} records of this import, the file only {_read}: it is another file. Start with --again.");
            }
        }
        _next = _kept.First;
        NextNumber = Acknowledged + 1;
    }
}
