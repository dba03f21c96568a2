using System.Collections.Concurrent;
using System.Diagnostics;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Server.Search.Pipeline;

/// <summary>
/// One pipeline: searches start as they are read and are answered as they end. A place is held until the client has taken the answer, so a
/// slow reader stops the reading of more and nothing piles up.
/// </summary>
/// <param name="answer">Answers one search. Given when the search was started: what it waits for its turn is part of its time.</param>
/// <param name="turns">
/// Searches that may ask for the processor at once: the others wait here. A client that sends what it was told it may send is not refused
/// for its own searches.
/// </param>
internal sealed class SearchPipeline(
    Func<Wire.SearchRequest, long, CancellationToken, ValueTask<Wire.SearchReply>> answer, int turns, ReplyStream<Wire.PipelineReply> replies, ServerCall call) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(turns);
    private readonly SemaphoreSlim _places = new(SearchLimits.MaxInFlight);
    private readonly SemaphoreSlim _writer = new(1);
    private readonly ConcurrentDictionary<ulong, CancellationTokenSource> _inFlight = new();
    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask RunAsync(RequestStream<Wire.PipelineRequest> requests, Wire.PipelineStarted started)
    {
        await replies.WriteAsync(new Wire.PipelineReply { Started = started }).ConfigureAwait(false);
        try
        {
            while (await ReadAsync(requests).ConfigureAwait(false) is { } frame)
            {
                await TakeAsync(frame).ConfigureAwait(false);
            }
        }
        catch
        {
            CancelAll();
            throw;
        }
        finally
        {
            // Everybody has left when all places are free.
            for (int place = 0; place < SearchLimits.MaxInFlight; place++)
            {
                await _places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        if (_fault.Task.IsFaulted)
        {
            await _fault.Task.ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _turns.Dispose();
        _writer.Dispose();
    }

    // A fault of one search ends the call at once, not with the client's next frame.
    private async ValueTask<Wire.PipelineRequest?> ReadAsync(RequestStream<Wire.PipelineRequest> requests)
    {
        ValueTask<Wire.PipelineRequest?> read = requests.ReadAsync();
        if (read.IsCompleted)
        {
            return await read.ConfigureAwait(false);
        }
        Task<Wire.PipelineRequest?> waiting = read.AsTask();
        await (await Task.WhenAny(waiting, _fault.Task).ConfigureAwait(false)).ConfigureAwait(false);
        return await waiting.ConfigureAwait(false);
    }

    private async ValueTask TakeAsync(Wire.PipelineRequest frame)
    {
        switch (frame.FrameCase)
        {
            case Wire.PipelineRequest.FrameOneofCase.Cancel:
                // Unknown numbers are searches whose answers are under way.
                if (_inFlight.TryGetValue(frame.CallId, out CancellationTokenSource? running))
                {
                    await CancelAsync(running).ConfigureAwait(false);
                }
                break;
            case Wire.PipelineRequest.FrameOneofCase.Search:
                await _places.WaitAsync(call.Cancellation).ConfigureAwait(false);
                Start(frame.CallId, frame.Search);
                break;
            default:
                throw Refusal.Of(Wire.ErrorReason.FrameOrder, "frame", "The frame is neither a search nor a cancellation.", "Set exactly one of them.");
        }
    }

    private void Start(ulong id, Wire.SearchRequest search)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        if (!_inFlight.TryAdd(id, cancel))
        {
            cancel.Dispose();
            _places.Release();
            throw Refusal.Of(
                Wire.ErrorReason.FrameOrder, "call_id", $"Search {id} is in flight on this stream.", "Number searches differently, or wait for the answer.",
                actual: id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        long began = Stopwatch.GetTimestamp();
        _ = Task.Run(() => AnswerAsync(id, search, began, cancel), CancellationToken.None);
    }

    private async Task AnswerAsync(ulong id, Wire.SearchRequest search, long began, CancellationTokenSource cancel)
    {
        try
        {
            Wire.PipelineReply reply = await MakeAsync(id, search, began, cancel.Token).ConfigureAwait(false);
            // The number is free again before the client can see the answer.
            Forget(id, cancel);
            await _writer.WaitAsync(call.Cancellation).ConfigureAwait(false);
            try
            {
                await replies.WriteAsync(reply).ConfigureAwait(false);
            }
            finally
            {
                _writer.Release();
            }
        }
        catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
        {
            // The call has ended, and its status says why.
        }
        catch (Exception fault)
        {
            // The reader ends the call with it; the others have nobody left to answer.
            _fault.TrySetException(fault);
            CancelAll();
        }
        finally
        {
            Forget(id, cancel);
            cancel.Dispose();
            _places.Release();
        }
    }

    // A newer search may have the number by now.
    private void Forget(ulong id, CancellationTokenSource cancel) => _inFlight.TryRemove(KeyValuePair.Create(id, cancel));

    private async ValueTask<Wire.PipelineReply> MakeAsync(ulong id, Wire.SearchRequest search, long began, CancellationToken cancel)
    {
        try
        {
            return new Wire.PipelineReply { CallId = id, Reply = await InTurnAsync(search, began, cancel).ConfigureAwait(false) };
        }
        catch (RpcException failed)
        {
            return new Wire.PipelineReply { CallId = id, Error = ItemErrors.ToItem(failed) };
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && !call.Cancellation.IsCancellationRequested)
        {
            return new Wire.PipelineReply
            {
                CallId = id,
                Error = new Wire.ItemError { Code = (uint)StatusCode.Cancelled, Message = "The search was cancelled on this stream." },
            };
        }
    }

    private async ValueTask<Wire.SearchReply> InTurnAsync(Wire.SearchRequest search, long began, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await answer(search, began, cancel).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    private void CancelAll()
    {
        foreach (CancellationTokenSource running in _inFlight.Values)
        {
            _ = CancelAsync(running);
        }
    }

    private static async Task CancelAsync(CancellationTokenSource running)
    {
        try
        {
            await running.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It ended in this moment.
        }
    }
}
