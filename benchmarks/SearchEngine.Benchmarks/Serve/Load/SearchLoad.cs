using System.Diagnostics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using SearchEngine.Protocol.V1;

namespace SearchEngine.Benchmarks.Serve.Load;

/// <summary>
/// Sends searches over gRPC from one thread, which sleeps until the next one is due or an answer has come. Open loop: each is due at its time
/// whatever became of those before, and its latency counts from then, so a server that stands still is not asked fewer questions about it.
/// Closed loop: as many in flight as asked for, to find the peak.
/// </summary>
internal sealed class SearchLoad
{
    private const int Connections = 4, Hits = 10;
    private const long Never = long.MaxValue;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = 2 * Deadline;

    private readonly int _port;
    private readonly RequestTemplate[] _requests;
    private LoadConnection[] _connections = [];
    private int _turn;

    /// <param name="breadth">Of every search; null for the collection's target recall.</param>
    public SearchLoad(int port, IEnumerable<float[]> queries, uint? breadth = null)
    {
        _port = port;
        _requests =
        [
            .. queries.Select(query => new RequestTemplate($"127.0.0.1:{port}", "/searchengine.v1.Search/Search", Request(query, breadth), Deadline)),
        ];
    }

    public static SearchRequest Request(float[] query, uint? breadth) => new()
    {
        Header = new RequestHeader { Collection = ServeData.Name },
        Query = new Query
        {
            Vector = new Vector { Dimension = (uint)query.Length, Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(query.AsSpan())) },
        },
        K = Hits,
        Accuracy = breadth is { } own ? new Accuracy { Breadth = own } : null,
    };

    /// <param name="inFlight">Calls in flight at any moment.</param>
    public LoadRun Closed(int inFlight, TimeSpan time) => Run(time, (now, _, _) => InFlight < inFlight ? now : Never);

    /// <param name="perSecond">Searches due per second, evenly spaced. What the server's limits hold back is sent as soon as they allow it.</param>
    public LoadRun Open(double perSecond, TimeSpan time) =>
        Run(time, (_, began, sent) => began + (long)(sent / perSecond * Stopwatch.Frequency));

    private int InFlight => _connections.Sum(static c => c.InFlight);

    // Connections of the turn alone: nobody answers pings on those that wait for theirs, and after 50 s the server ends them.
    private LoadRun Run(TimeSpan time, Func<long, long, long, long> nextDue)
    {
        _connections = [.. Enumerable.Range(0, Connections).Select(_ => new LoadConnection(_port))];
        try
        {
            return RunConnected(time, nextDue);
        }
        finally
        {
            Array.ForEach(_connections, static c => c.Dispose());
        }
    }

    /// <param name="nextDue">From now, the beginning and the number sent: when the next is due.</param>
    private LoadRun RunConnected(TimeSpan time, Func<long, long, long, long> nextDue)
    {
        Poll.WakeExactly();
        using var self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        var counts = new LoadCounts(Hits);
        Span<bool> ready = stackalloc bool[Connections];
        long began = Stopwatch.GetTimestamp(), sent = 0;
        long end = began + (long)(time.TotalSeconds * Stopwatch.Frequency);
        while (true)
        {
            long now = Stopwatch.GetTimestamp(), due = Never;
            bool isHeldBack = false;
            while (now < end && !isHeldBack && (due = nextDue(now, began, sent)) <= now)
            {
                isHeldBack = !TrySend(due);
                sent += isHeldBack ? 0 : 1;
            }
            Array.ForEach(_connections, static c => c.Flush());
            if (now >= end && InFlight == 0)
            {
                break;
            }
            if (Stopwatch.GetElapsedTime(end, now) > Patience)
            {
                throw new TimeoutException($"{InFlight} searches are not answered {Patience.TotalSeconds} s after the last was sent.");
            }
            long until = now >= end ? now + Stopwatch.Frequency : Math.Min(end, isHeldBack ? Never : due);
            Poll.Wait(_connections, Stopwatch.GetElapsedTime(now, until), ready);
            for (int i = 0; i < Connections; i++)
            {
                if (ready[i])
                {
                    _connections[i].Receive(counts);
                }
            }
        }
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        self.Refresh();
        return counts.ToRun(seconds, (self.TotalProcessorTime - cpu).TotalMicroseconds);
    }

    private bool TrySend(long due)
    {
        RequestTemplate request = _requests[_turn % _requests.Length];
        for (int i = 0; i < Connections; i++)
        {
            if (_connections[(_turn + i) % Connections].TrySend(request, due))
            {
                _turn++;
                return true;
            }
        }
        return false;
    }
}
