using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Log;

/// <summary>
/// The file that is appended to. What is not synced can be rolled back; when even that fails, or when it is unknown what a
/// failed sync left on the disk and no new file can be begun, nothing more is accepted.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>What is buffered of a group before a part of it is written; more only for a single longer record.</summary>
    private const int BufferBytes = 4 << 20;

    /// <summary>Groups above it pay for their own allocation: zeros ahead of them would double what is written.</summary>
    private const int SmallGroupBytes = 64 << 10;

    private readonly IWritableFile _file;
    private readonly ulong _salt;
    private readonly byte[] _zeros;
    private readonly PooledBuffer _buffer = new();
    private long _position;
    private bool _written;
    private bool _markFailed;

    /// <param name="end">Where records go on; everything before is durable.</param>
    public LogWriter(IWritableFile file, ulong salt, long end, int zerosAhead)
    {
        _file = file;
        _salt = salt;
        _zeros = new byte[zerosAhead];
        _position = end;
        SyncedEnd = end;
        FlushedEnd = end;
    }

    /// <summary>The end of what is durable.</summary>
    public long SyncedEnd { get; private set; }

    /// <summary>The end of what was flushed or synced: what somebody relies on.</summary>
    public long FlushedEnd { get; private set; }

    public bool HasUnsynced => _written || _buffer.Length > 0;

    /// <summary>A failed sync may have lost pages of this file, so nothing more is written to it.</summary>
    public bool IsSpent { get; private set; }

    public void Append(in LogRecord record)
    {
        ReadOnlySpan<byte> payload = record.Payload.Span;
        int bytes = LogFormat.RecordHeadBytes + LogFormat.Padded(payload.Length);
        if (_buffer.Length > 0 && _buffer.Length + bytes > BufferBytes)
        {
            Write();
        }

        Span<byte> target = _buffer.Take(bytes);
        payload.CopyTo(target[LogFormat.RecordHeadBytes..]);
        LogFormat.WriteRecordHead(target, (byte)record.Kind, record.Sequence, payload.Length, _salt);
    }

    /// <summary>Writes and syncs what was appended, then notes in the file that it is durable.</summary>
    public void Sync(ulong sequence)
    {
        Write();
        try
        {
            _file.Sync();
        }
        catch
        {
            IsSpent = true;
            throw;
        }

        SyncedEnd = _position;
        FlushedEnd = _position;
        _written = false;
        NoteSynced(sequence);
    }

    /// <summary>Writes what was appended.</summary>
    public void Flush()
    {
        Write();
        FlushedEnd = _position;
    }

    /// <summary>Forgets what is not flushed, in the file too. When it throws, the file is in an unknown state.</summary>
    public void RollBack()
    {
        _buffer.Clear();
        _written = FlushedEnd > SyncedEnd;
        CutToFlushed();
    }

    /// <summary>Gives the zeros behind the last record back.</summary>
    public void CutZeros() => _file.Truncate(SyncedEnd);

    public void Dispose()
    {
        _buffer.Dispose();
        _file.Dispose();
    }

    private void Write()
    {
        if (_markFailed)
        {
            // Part of a mark may be in the file; records behind it would look like records behind damage.
            CutToFlushed();
        }

        if (_buffer.Length == 0)
        {
            return;
        }

        _written = true;
        _file.WriteAt(_position, _buffer.Written);
        _position += _buffer.Length;
        if (_buffer.Length < SmallGroupBytes && _position == _file.Length && _zeros.Length > 0)
        {
            _file.WriteAt(_position, _zeros);
        }

        _buffer.Clear();
    }

    private void CutToFlushed()
    {
        _file.Truncate(FlushedEnd);
        _file.Sync();
        _position = FlushedEnd;
        _markFailed = false;
    }

    /// <summary>
    /// Proof for a later recovery that a hole before this byte is damage and no torn group. It is not synced itself: it survives
    /// the end of the process at once, and the end of the power with the next sync.
    /// </summary>
    private void NoteSynced(ulong sequence)
    {
        Span<byte> mark = stackalloc byte[LogFormat.SyncedBytes];
        LogFormat.WriteSynced(mark, SyncedEnd, sequence, _salt);
        try
        {
            _file.WriteAt(_position, mark);
            _position += mark.Length;
        }
        catch (Exception error) when (error is IOException or CollectionException)
        {
            // The records are durable, so their writers get their acknowledgement; the next write repairs the file or fails.
            _markFailed = true;
        }
    }
}
