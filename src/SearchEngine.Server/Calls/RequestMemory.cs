using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Server.Calls;

/// <summary>
/// Answers a repeated write from memory: for ten minutes the same request id with the same content gets the same reply, and is
/// waited for while the first is still running. What failed is forgotten, so that it can be tried again. Memory is bounded: where it is
/// short, the oldest are forgotten before their time.
/// </summary>
internal sealed class RequestMemory(TimeProvider time, int maxEntries = RequestMemory.DefaultEntries, long maxBytes = RequestMemory.DefaultBytes)
{
    public const int DefaultEntries = 65_536;
    public const long DefaultBytes = 64L << 20;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    // What an entry costs beside its reply.
    private const int EntryBytes = 512;

    // Forgotten entries that may wait in the queue for those before them, beside as many as there are entries.
    private const int SpareQueue = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Caller, string RequestId), Entry> _entries = [];
    private readonly Queue<Entry> _byAge = new();
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Entries that take memory: those that are remembered, and forgotten ones that still stand in the queue.</summary>
    internal int Held
    {
        get
        {
            lock (_gate)
            {
                return _byAge.Count;
            }
        }
    }

    public ValueTask<TReply> OnceAsync<TReply>(ServerCall call, Wire.RequestHeader? header, IMessage request, Func<ValueTask<TReply>> work)
        where TReply : class, IMessage<TReply>
    {
        if (header is null || header.RequestId.Length == 0)
        {
            return work();
        }
        // Before anything of it is kept.
        Envelope.Check(header);
        Caller caller = call.Principal as Caller ?? Caller.Anyone;
        // A reply is for whoever may see what it tells.
        return OnceAsync($"{caller.Name}/{caller.Sight}", header.RequestId, Hash(call.Method.Path, request), work, call.Cancellation);
    }

    /// <param name="cancel">Ends the wait for another one's work; the caller's own work has to look at it itself.</param>
    internal async ValueTask<TReply> OnceAsync<TReply>(
        string caller, string requestId, byte[] content, Func<ValueTask<TReply>> work, CancellationToken cancel)
        where TReply : class, IMessage<TReply>
    {
        while (true)
        {
            var mine = new Entry(caller, requestId, content, time.GetTimestamp());
            Entry entry = Enter(mine);
            if (entry == mine)
            {
                return await WorkAsync(mine, work).ConfigureAwait(false);
            }
            if (!entry.Content.AsSpan().SequenceEqual(content))
            {
                throw Refusal.Of(
                        Wire.ErrorReason.RequestIdReused, "header.request_id", "The request id was used for another request in the last 10 minutes.",
                        "Give every operation an id of its own; repeat a request unchanged.", actual: requestId)
                    .With("request_id", Refusal.Shown(requestId));
            }
            try
            {
                return ((TReply)await entry.Reply.Task.WaitAsync(cancel).ConfigureAwait(false)).Clone();
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // The first caller went away; what both asked for is still wanted.
            }
        }
    }

    private async ValueTask<TReply> WorkAsync<TReply>(Entry mine, Func<ValueTask<TReply>> work)
        where TReply : class, IMessage<TReply>
    {
        try
        {
            TReply reply = await work().ConfigureAwait(false);
            Keep(mine, reply.Clone());
            return reply;
        }
        catch (Exception failure)
        {
            lock (_gate)
            {
                Forget(mine);
                Tidy();
            }
            mine.Reply.SetException(failure);
            // Nobody may be waiting for it.
            _ = mine.Reply.Task.Exception;
            throw;
        }
    }

    private static byte[] Hash(string method, IMessage request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(method));
        hash.AppendData(request.ToByteArray());
        return hash.GetHashAndReset();
    }

    private Entry Enter(Entry mine)
    {
        lock (_gate)
        {
            Expire();
            if (_entries.TryGetValue(mine.Key, out Entry? known))
            {
                return known;
            }
            _entries.Add(mine.Key, mine);
            _byAge.Enqueue(mine);
            return mine;
        }
    }

    private void Keep(Entry entry, IMessage reply)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(entry.Key, out Entry? known) && known == entry)
            {
                entry.Bytes = EntryBytes + reply.CalculateSize();
                _bytes += entry.Bytes;
            }
            Expire();
        }
        entry.Reply.SetResult(reply);
    }

    // The oldest first: those that are too old, and more where memory is short. Forgotten ones leave the queue here as well.
    private void Expire()
    {
        while (_byAge.TryPeek(out Entry? oldest))
        {
            bool gone = !_entries.TryGetValue(oldest.Key, out Entry? known) || known != oldest;
            if (!gone && time.GetElapsedTime(oldest.Began) < Lifetime && _entries.Count <= maxEntries && _bytes <= maxBytes)
            {
                return;
            }
            _byAge.Dequeue();
            if (!gone)
            {
                Forget(oldest);
            }
        }
    }

    // Calls that fail fast would otherwise fill the queue behind one entry that stays.
    private void Tidy()
    {
        if (_byAge.Count <= 2 * _entries.Count + SpareQueue)
        {
            return;
        }
        Entry[] live = [.. _byAge.Where(entry => _entries.TryGetValue(entry.Key, out Entry? known) && known == entry)];
        _byAge.Clear();
        Array.ForEach(live, _byAge.Enqueue);
    }

    private void Forget(Entry entry)
    {
        if (_entries.TryGetValue(entry.Key, out Entry? known) && known == entry)
        {
            _entries.Remove(entry.Key);
            _bytes -= entry.Bytes;
        }
    }

    private sealed class Entry(string caller, string requestId, byte[] content, long began)
    {
        public (string Caller, string RequestId) Key { get; } = (caller, requestId);

        public byte[] Content { get; } = content;

        public long Began { get; } = began;

        public long Bytes { get; set; }

        public TaskCompletionSource<IMessage> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
