using System.Buffers.Binary;

namespace SearchEngine.Collections.Log;

/// <summary>What is in a log file, without judging it: stretches of sound records, holes, and what its synced marks prove.</summary>
internal sealed class LogScan
{
    private readonly LogWindow _window;
    private readonly List<LogStretch> _stretches = [];
    private ulong _last;

    private LogScan(LogWindow window, ulong last)
    {
        _window = window;
        _last = last;
    }

    public IReadOnlyList<LogStretch> Stretches => _stretches;

    /// <summary>Everything before this byte was durable once.</summary>
    public long ProvenEnd { get; private set; }

    /// <summary>The last sequence that was durable once, as far as marks say.</summary>
    public ulong ProvenSequence { get; private set; }

    /// <summary>Places in the file from which to read on for a sequence.</summary>
    public SequenceIndex Index { get; } = new();

    /// <param name="last">Records up to this sequence do not count: they are in the file before.</param>
    public static LogScan Of(LogWindow window, ulong last)
    {
        var scan = new LogScan(window, last);
        scan.Read();
        return scan;
    }

    private void Read()
    {
        long at = LogFormat.RecordsAt;
        while (at < _window.End)
        {
            long to = ReadRecords(at);
            if (to < _window.End)
            {
                long next = NextRecord(to);
                _stretches.Add(new LogStretch { From = to, To = next, IsHole = true, IsZeros = _window.SkipZeros(to) >= next });
                to = next;
            }

            at = to;
        }
    }

    /// <summary>Notes a stretch of sound records; returns where it ends.</summary>
    private long ReadRecords(long from)
    {
        long at = from;
        ulong first = _last + 1;
        while (at < _window.End && Accepts(at, out LogRecordHead head))
        {
            if (head.Kind != LogFormat.SyncedKind)
            {
                if (head.Sequence != _last + 1)
                {
                    Note(from, at, first);
                    from = at;
                    first = head.Sequence;
                }

                _last = head.Sequence;
                Index.Note(head.Sequence, at);
            }

            at += head.RecordBytes;
        }

        Note(from, at, first);
        return at;
    }

    private void Note(long from, long to, ulong first)
    {
        if (to > from)
        {
            _stretches.Add(new LogStretch { From = from, To = to, First = first, Last = first > _last ? first - 1 : _last });
        }
    }

    private bool Accepts(long at, out LogRecordHead head)
    {
        if (!_window.TryRecord(at, out head, out ReadOnlyMemory<byte> payload))
        {
            return false;
        }

        if (head.Kind != LogFormat.SyncedKind)
        {
            return head.Sequence > _last && head.Kind is >= (byte)LogRecordKind.Put and <= (byte)LogRecordKind.Mark;
        }

        long end = head.PayloadBytes == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(payload.Span) : long.MaxValue;
        if (end > at)
        {
            return false;
        }

        ProvenEnd = Math.Max(ProvenEnd, end);
        ProvenSequence = Math.Max(ProvenSequence, head.Sequence);
        return true;
    }

    private long NextRecord(long from)
    {
        for (long at = _window.SkipZeros(from + LogFormat.Alignment); at < _window.End; at = _window.SkipZeros(at + LogFormat.Alignment))
        {
            if (Accepts(at, out _))
            {
                return at;
            }
        }

        return _window.End;
    }
}
