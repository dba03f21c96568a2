using System.Diagnostics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Benchmarks.Serve;

/// <summary>
/// Sends searches over gRPC. Open loop: each is sent when it is due, whatever became of those before, and its latency counts from then, so a
/// server that stands still is not asked fewer questions about it. Closed loop: as many in flight as asked for, to find the peak.
/// </summary>
internal sealed class SearchLoad : IDisposable
{
    private const int Channels = 4;
    private static readonly CallOptions Options = new() { Retry = RetryPolicy.None, Timeout = TimeSpan.FromSeconds(5) };
    private static readonly RpcMethod<SearchRequest, SearchReply> Method = new(SearchReflection.Descriptor.Services.Single(), "Search");

    private readonly RpcChannel[] _channels;
    private readonly SearchRequest[] _requests;

    /// <param name="breadth">Of every search; null for the collection's target recall.</param>
    public SearchLoad(int port, float[][] queries, uint? breadth = null)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        _channels = [.. Enumerable.Range(0, Channels).Select(_ => new RpcChannel(address, new RpcChannelOptions { MaxConcurrentCalls = 100_000 }))];
        _requests = [.. queries.Select(query => new SearchRequest
        {
            Header = new RequestHeader { Collection = ServeData.Name },
            Query = new Query { Vector = new Vector { Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(query.AsSpan())) } },
            K = 10,
            Accuracy = breadth is { } fixedBreadth ? new Accuracy { Breadth = fixedBreadth } : null,
        })];
    }

    /// <param name="inFlight">Calls in flight at any moment.</param>
    public Task<LoadRun> ClosedAsync(int inFlight, TimeSpan time) => RunAsync(async (counts, began) =>
    {
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async first =>
        {
            await Task.Yield();
            for (int i = first; Stopwatch.GetElapsedTime(began) < time; i += inFlight)
            {
                await SendAsync(i, Stopwatch.GetTimestamp(), counts);
            }
        }));
    });

    /// <param name="perSecond">Searches due per second, evenly spaced.</param>
    /// <param name="mostInFlight">A bound for what the generator itself can hold; what is beyond is not sent and not counted.</param>
    public Task<LoadRun> OpenAsync(double perSecond, int mostInFlight, TimeSpan time) => RunAsync(async (counts, began) =>
    {
        int open = 0;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void End()
        {
            if (Interlocked.Decrement(ref open) == 0) ended.TrySetResult();
        }
        // The pacer itself counts as one: the last to go ends the run.
        Interlocked.Increment(ref open);
        var pacer = new Thread(() =>
        {
            for (int i = 0; Stopwatch.GetElapsedTime(began) < time; i++)
            {
                long due = began + (long)(i / perSecond * Stopwatch.Frequency);
                for (TimeSpan early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due); early > TimeSpan.Zero;)
                {
                    Thread.Sleep(early > TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero);
                    early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                }
                if (Volatile.Read(ref open) <= mostInFlight)
                {
                    int id = i;
                    Interlocked.Increment(ref open);
                    _ = Task.Run(async () =>
                    {
                        try
                        {
                            await SendAsync(id, due, counts);
                        }
                        catch (Exception wrong)
                        {
                            ended.TrySetException(wrong);
                        }
                        finally
                        {
                            End();
                        }
                    });
                }
            }
        });
        pacer.Start();
        pacer.Join();
        End();
        await ended.Task;
    });

    public void Dispose() => Array.ForEach(_channels, static c => c.Dispose());

    private static async Task<LoadRun> RunAsync(Func<LoadCounts, long, Task> send)
    {
        using var self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        var counts = new LoadCounts();
        long began = Stopwatch.GetTimestamp();
        await send(counts, began);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        self.Refresh();
        return counts.ToRun(seconds, (self.TotalProcessorTime - cpu).TotalMicroseconds);
    }

    private async Task SendAsync(int search, long due, LoadCounts counts)
    {
        try
        {
            SearchReply reply = await _channels[search % Channels].UnaryAsync(Method, _requests[search % _requests.Length], Options);
            counts.Answered(reply.Hits.Count == 10 ? Stopwatch.GetElapsedTime(due) : throw new InvalidOperationException("A search found too little."));
        }
        catch (RpcException refused) when (refused.Code == StatusCode.Unavailable)
        {
            counts.Refused();
        }
        catch (RpcException)
        {
            counts.Failed();
        }
    }
}
