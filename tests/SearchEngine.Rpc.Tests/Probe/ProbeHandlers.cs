using Google.Protobuf;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Rpc.Tests.Probe;

/// <summary>Serves the probe service and keeps account of what its handlers saw. Safe for concurrent use.</summary>
internal sealed class ProbeHandlers
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _entered;
    private long _left;
    private long _cancelled;
    private long _replies;
    private long _requests;

    /// <summary>Handlers that were started, and that are over.</summary>
    public long Entered => Interlocked.Read(ref _entered);

    public long Left => Interlocked.Read(ref _left);

    /// <summary>Handlers that ended with OperationCanceledException.</summary>
    public long Cancelled => Interlocked.Read(ref _cancelled);

    /// <summary>Reply messages whose write has come back.</summary>
    public long Replies => Interlocked.Read(ref _replies);

    /// <summary>Request messages read from streams.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>What the last handler to leave on its own threw, cancellation apart.</summary>
    public Exception? LastFault { get; private set; }

    /// <summary>What handlers saw of their call; set by a test before it calls.</summary>
    public Action<ServerCall>? Inspect { get; set; }

    /// <summary>Whether handlers do what the script of a request asks; a fuzzer has no use for handlers that wait without end.</summary>
    public bool ObeysScripts { get; set; } = true;

    /// <summary>Lets every handler go that waits with BEHAVIOUR_IGNORE.</summary>
    public void OpenGate() => _gate.TrySetResult();

    public ValueTask<ProbeReply> Echo(ProbeRequest request, ServerCall call) => AccountAsync(call, async () =>
    {
        await PerformAsync(ScriptOf(request), call);
        return new ProbeReply { Load = request.Load, Bytes = request.Load?.Vector.Length ?? 0 };
    });

    public async ValueTask Count(ProbeRequest request, ReplyStream<ProbeReply> replies, ServerCall call) => await AccountAsync(call, async () =>
    {
        await PerformAsync(ScriptOf(request), call);
        Script script = ScriptOf(request) ?? new Script();
        var reply = new ProbeReply { Load = new Load { Vector = ByteString.CopyFrom(new byte[script.ReplyBytes]) } };
        for (int i = 0; i < script.Count || script.Behaviour == Behaviour.Flood; i++)
        {
            reply.Number = i;
            await replies.WriteAsync(reply);
            Interlocked.Increment(ref _replies);
        }
        if (script.Behaviour == Behaviour.FailLate) throw Failure(script);
        return 0;
    });

    public ValueTask<ProbeReply> Collect(RequestStream<ProbeRequest> requests, ServerCall call) => AccountAsync(call, async () =>
    {
        var reply = new ProbeReply();
        while (await requests.ReadAsync() is { } request)
        {
            Interlocked.Increment(ref _requests);
            reply.Number++;
            reply.Bytes += request.Load?.Vector.Length ?? 0;
            await PerformAsync(ScriptOf(request), call);
            if (ScriptOf(request) is { StopAfter: > 0 } script && reply.Number >= script.StopAfter) break;
        }
        return reply;
    });

    public async ValueTask Chat(RequestStream<ProbeRequest> requests, ReplyStream<ProbeReply> replies, ServerCall call) => await AccountAsync(call, async () =>
    {
        long number = 0;
        while (await requests.ReadAsync() is { } request)
        {
            Interlocked.Increment(ref _requests);
            await PerformAsync(ScriptOf(request), call);
            await replies.WriteAsync(new ProbeReply { Load = request.Load, Number = number++ });
            Interlocked.Increment(ref _replies);
            if (ScriptOf(request) is not { } script) continue;
            if (script.Behaviour == Behaviour.FailLate) throw Failure(script);
            if (script.StopAfter > 0 && number >= script.StopAfter) break;
        }
        return 0;
    });

    private async ValueTask<T> AccountAsync<T>(ServerCall call, Func<ValueTask<T>> body)
    {
        Interlocked.Increment(ref _entered);
        try
        {
            Inspect?.Invoke(call);
            return await body();
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }
        catch (Exception fault)
        {
            LastFault = fault;
            throw;
        }
        finally
        {
            Interlocked.Increment(ref _left);
        }
    }

    private async ValueTask PerformAsync(Script? script, ServerCall call)
    {
        if (script is null) return;
        if (script.Compress) call.Compression = MessageCompression.Gzip;
        if (script.HeadersFirst) await call.SendHeadersAsync();
        switch (script.Behaviour)
        {
            case Behaviour.Fail:
                throw Failure(script);
            case Behaviour.Fault:
                throw new InvalidOperationException($"A fault of the handler: {script.Message}");
            case Behaviour.Wait:
                await Task.Delay(Timeout.Infinite, call.Cancellation);
                break;
            case Behaviour.Ignore:
                await _gate.Task;
                break;
        }
    }

    private Script? ScriptOf(ProbeRequest request) => ObeysScripts ? request.Script : null;

    private static RpcException Failure(Script script) => new((StatusCode)script.Status, script.Message, "PROBE");
}
