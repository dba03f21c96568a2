using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;

namespace SearchEngine.Server.Points;

/// <summary>
/// Scrolls that can be continued. Each holds the files of its snapshot, so there is a bound to how many there are and how long they
/// live without use; beyond either the least recently used one of the caller who holds most goes, and its cursors answer CURSOR_EXPIRED.
/// </summary>
internal sealed class CursorShelf(TimeProvider time, TimeSpan lifetime, int most = CursorShelf.MostScrolls) : IDisposable
{
    public const int MostScrolls = 256;

    /// <summary>
    /// Scrolls that were sent to their end are kept as well: their client may have to read the last frames again. They are the first of
    /// their caller's to go, since most are never asked for.
    /// </summary>
    private const int MostEnded = 32;

    private const int IdBytes = 16;
    private const int CursorBytes = IdBytes + sizeof(long);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, OpenScroll> _open = [];
    private bool _closed;

    /// <summary>Keeps a scroll from now on, held by the caller until <see cref="Release"/>.</summary>
    public void Add(OpenScroll scroll)
    {
        List<OpenScroll> gone;
        lock (_gate)
        {
            _open.Add(scroll.Id, scroll);
            scroll.Users = 1;
            scroll.LastUse = time.GetTimestamp();
            gone = TakeExpired();
        }
        gone.ForEach(static s => s.Dispose());
    }

    /// <summary>The scroll of a cursor and how far it had come.</summary>
    public (OpenScroll Scroll, long Position) Take(ByteString cursor)
    {
        if (cursor.Length != CursorBytes)
        {
            throw Refusal.Invalid("cursor", "The cursor is not one of this server.", "Send the cursor of a frame as it came.", limit: $"{CursorBytes} bytes");
        }
        var id = new Guid(cursor.Span[..IdBytes]);
        long position = BinaryPrimitives.ReadInt64LittleEndian(cursor.Span[IdBytes..]);
        List<OpenScroll> gone;
        OpenScroll? scroll;
        lock (_gate)
        {
            gone = TakeExpired();
            if (_open.TryGetValue(id, out scroll))
            {
                scroll.Users++;
                scroll.LastUse = time.GetTimestamp();
            }
        }
        gone.ForEach(static s => s.Dispose());
        return scroll is not null && position >= 0 ? (scroll, position) : throw Expired();
    }

    public void Release(OpenScroll scroll)
    {
        bool gone;
        lock (_gate)
        {
            scroll.Users--;
            scroll.LastUse = time.GetTimestamp();
            gone = scroll.Users == 0 && (_closed || !_open.ContainsKey(scroll.Id));
        }
        if (gone)
        {
            scroll.Dispose();
        }
    }

    /// <summary>All of it was sent, which is not to say that it arrived.</summary>
    public void End(OpenScroll scroll)
    {
        lock (_gate)
        {
            scroll.IsEnded = true;
        }
    }

    public static Guid NewId()
    {
        // Not to be guessed: a cursor opens what its caller was allowed to see.
        Span<byte> id = stackalloc byte[IdBytes];
        RandomNumberGenerator.Fill(id);
        return new Guid(id);
    }

    public static ByteString Cursor(OpenScroll scroll, long position)
    {
        var cursor = new byte[CursorBytes];
        scroll.Id.TryWriteBytes(cursor);
        BinaryPrimitives.WriteInt64LittleEndian(cursor.AsSpan(IdBytes), position);
        return UnsafeByteOperations.UnsafeWrap(cursor);
    }

    public static Rpc.RpcException Expired() => Refusal.Of(
        Wire.ErrorReason.CursorExpired, "cursor", "The snapshot of the cursor is gone: it was not used for too long, many others came after it, or the server was started anew.",
        "Begin the scroll again.");

    public void Dispose()
    {
        List<OpenScroll> idle;
        lock (_gate)
        {
            _closed = true;
            idle = [.. _open.Values.Where(static s => s.Users == 0)];
            _open.Clear();
        }
        idle.ForEach(static s => s.Dispose());
    }

    private List<OpenScroll> TakeExpired()
    {
        List<OpenScroll> gone = [.. _open.Values.Where(s => s.Users == 0 && time.GetElapsedTime(s.LastUse) >= lifetime)];
        gone.ForEach(s => _open.Remove(s.Id));
        while (Victim() is { } victim)
        {
            _open.Remove(victim.Id);
            gone.Add(victim);
        }
        return gone;
    }

    // Null where there is room. Who holds most makes it: nobody pushes out what others read.
    private OpenScroll? Victim()
    {
        bool isCrowded = _open.Count > most, hasManyEnded = _open.Values.Count(static s => s.IsEnded) > MostEnded;
        if (!isCrowded && !hasManyEnded)
        {
            return null;
        }
        var held = _open.Values.CountBy(static s => s.Caller, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return _open.Values.Where(s => s.Users == 0 && (isCrowded || s.IsEnded)).MinBy(s => (-held[s.Caller], !s.IsEnded, s.LastUse));
    }
}
