using System.Buffers;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Log;

/// <summary>A log file read forwards in large pieces. One thread.</summary>
internal sealed class LogWindow : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly IReadableFile _file;
    private readonly ulong _salt;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private long _from;
    private int _count;

    /// <param name="end">Bytes behind it do not count.</param>
    public LogWindow(IReadableFile file, ulong salt, long end)
    {
        _file = file;
        _salt = salt;
        End = Math.Min(end, file.Length);
    }

    public long End { get; }

    /// <summary>Bytes from an offset, fewer at the end. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Peek(long offset, int count)
    {
        count = (int)Math.Clamp(End - offset, 0, count);
        if (count == 0)
        {
            return default;
        }

        if (offset < _from || offset + count > _from + _count)
        {
            Fill(offset, count);
        }

        return _bytes.AsSpan((int)(offset - _from), count);
    }

    /// <summary>The record at an offset, if there is a sound one; its payload is valid until the next call.</summary>
    public bool TryRecord(long offset, out LogRecordHead head, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (!LogFormat.TryRecordHead(Peek(offset, LogFormat.RecordHeadBytes), _salt, out head) || head.RecordBytes > End - offset)
        {
            return false;
        }

        ReadOnlySpan<byte> record = Peek(offset, head.RecordBytes);
        payload = _bytes.AsMemory((int)(offset - _from) + LogFormat.RecordHeadBytes, head.PayloadBytes);
        return BlockChecksum.Of(record[LogFormat.RecordHeadBytes..], _salt) == head.PayloadChecksum;
    }

    /// <summary>The first offset, from one that is a multiple of 8, that has a byte other than zero in its eight, or the end.</summary>
    public long SkipZeros(long offset)
    {
        while (offset < End)
        {
            ReadOnlySpan<byte> piece = Peek(offset, PieceBytes);
            int found = piece.IndexOfAnyExcept((byte)0);
            if (found >= 0)
            {
                return offset + (found / LogFormat.Alignment * LogFormat.Alignment);
            }

            offset += piece.Length;
        }

        return End;
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        _file.Dispose();
    }

    private void Fill(long offset, int count)
    {
        if (count > _bytes.Length)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(count);
        }

        int wanted = (int)Math.Min(_bytes.Length, End - offset);
        _from = offset;
        _count = _file.Read(offset, _bytes.AsSpan(0, wanted));
        if (_count < wanted)
        {
            throw StorageErrors.Damaged(_file.Path, $"it ended at byte {offset + _count} while it was read");
        }
    }
}
