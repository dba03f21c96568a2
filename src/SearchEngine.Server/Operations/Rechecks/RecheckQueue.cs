using SearchEngine.Collections;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Collections;
using SearchEngine.Server.Search;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>
/// Takes a share of the searches aside to be run again. What waits is bounded in number and age, because each holds up the files of its
/// view; what does not fit is dropped and counted.
/// </summary>
/// <param name="share">Of the searches of collections that state none.</param>
/// <param name="settings">What collections state.</param>
/// <param name="book">Told of what is dropped.</param>
/// <param name="time">For ages.</param>
internal sealed class RecheckQueue(double share, SettingsShelf settings, RecheckBook book, TimeProvider time) : IDisposable
{
    public const int MostWaiting = 64;

    // Multiples of the golden ratio are spread evenly and repeat with nothing that callers do.
    private const ulong GoldenStep = 0x9E37_79B9_7F4A_7C15;

    private static readonly TimeSpan OldestUseful = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<Sample> _waiting = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private ulong _count;
    private bool _closed;

    /// <summary>Looks at an answered search; most are let go after one addition.</summary>
    public void Consider(SearchOrder order, SearchAnswer answer, CallContext context)
    {
        // What a grouped search found is several rankings, each of a part of the matches; diverse hits are no ranking.
        ulong below = Below(context.Collection.Name);
        if (below == 0 || order.IsShaped || Interlocked.Increment(ref _count) * GoldenStep > below)
        {
            return;
        }
        if (order.Request is Engine.SearchRequest { Late: null } vector)
        {
            Consider(vector, answer.Result, context);
        }
        else if (order.Request is Engine.HybridRequest { Late: null } hybrid)
        {
            // What several queries became together cannot be wrong where none of them is.
            for (int i = 0; i < hybrid.Parts.Count; i++)
            {
                if (hybrid.Parts[i] is Engine.HybridPart.ByVector part)
                {
                    Consider(
                        part.Request with { Count = hybrid.DepthOf(part), Offset = 0, Filter = hybrid.Filter, AllowPartial = hybrid.AllowPartial },
                        answer.Fused!.Parts[i], context);
                }
            }
        }
    }

    /// <summary>The next one, when there is one. The caller disposes it.</summary>
    public async Task<Sample?> NextAsync(CancellationToken cancel)
    {
        await _arrived.WaitAsync(cancel).ConfigureAwait(false);
        lock (_gate)
        {
            Sample? next = _waiting.TryDequeue(out Sample? oldest) ? oldest : null;
            if (next is null || !IsStale(next))
            {
                return next;
            }
            next.Dispose();
        }
        book.Drop();
        return null;
    }

    /// <summary>Too old for its answer to say much, while it holds up the files of its view.</summary>
    public bool IsStale(Sample sample) => time.GetUtcNow() - sample.Arrived > OldestUseful;

    /// <summary>Lets go what has become too old while nobody asked for the next one.</summary>
    public void DropStale()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out Sample? oldest) && IsStale(oldest))
            {
                _waiting.Dequeue().Dispose();
                book.Drop();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_waiting.TryDequeue(out Sample? left))
            {
                left.Dispose();
            }
        }
        _arrived.Dispose();
    }

    // Of all the multiples.
    private ulong Below(string collection) => (ulong)Math.Clamp(
        (settings.Watched.TryGetValue(collection, out Wire.CollectionSettings? own) && own.HasRecheckShare ? own.RecheckShare : share) * ulong.MaxValue,
        0, ulong.MaxValue);

    // Exact answers need no check, and what was cut short says so itself.
    private void Consider(Engine.SearchRequest request, Engine.SearchResult result, CallContext context)
    {
        if (result is { IsComplete: true, Recall.Basis: not Engine.RecallBasis.Exact })
        {
            Take(request, result, context);
        }
    }

    private void Take(Engine.SearchRequest request, Engine.SearchResult result, CallContext context)
    {
        Sample? sample = null;
        try
        {
            PinnedView view = context.Collection.Pin();
            // The vector may lie in the call's own buffer, which serves another call soon.
            Engine.SearchRequest kept = request with { Query = request.Query.ToArray() };
            sample = new Sample(context.Collection.Name, kept, result, view, context.RequestId, time.GetUtcNow());
        }
        catch (CollectionException)
        {
            // The collection was closed in this moment.
        }
        bool isTaken = false;
        // A write came in between: the exact search would see what the answer could not.
        if (sample is not null && sample.View.Sequence == result.Sequence)
        {
            lock (_gate)
            {
                isTaken = !_closed && _waiting.Count < MostWaiting;
                if (isTaken)
                {
                    _waiting.Enqueue(sample);
                    _arrived.Release();
                }
            }
        }
        if (!isTaken)
        {
            sample?.Dispose();
            book.Drop();
        }
    }
}
