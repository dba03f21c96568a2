using SearchEngine.Rpc.Client;
using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Server.Tests.Points;

/// <summary>
/// The process is killed under an upload, again and again; the client goes on by its key. Nothing that was acknowledged is lost, and
/// nothing is written twice: every point has version 1 in the end. SEARCHENGINE_LONG_TESTS=minutes goes on with further kills.
/// </summary>
public sealed class UploadCrashTests : IDisposable
{
    private const int Kills = 20;
    private const int PointsPerRound = 6_000;
    private const int MostPointsPerFrame = 700;
    private const string Key = "night";

    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Wire.WriteMode.Upsert, Kills)]
    [InlineData(Wire.WriteMode.InsertOnly, 4)]
    public async Task After_any_kill_the_upload_goes_on_by_its_key_with_nothing_lost_and_nothing_doubled(Wire.WriteMode mode, int kills)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string data = _folder.File($"data-{mode}");
        ulong acknowledged = 0;
        foreach (int seed in LongTests.Seeds(1, kills))
        {
            using ServeProcess server = await ServeProcess.StartOnAsync(data, cancel);
            using var channel = new RpcChannel(server.Address, new RpcChannelOptions { Retry = RetryPolicy.None });
            if (seed == 1)
            {
                await new Api(channel).CreateAsync("docs");
            }
            ulong before = acknowledged;
            acknowledged = await UploadUntilKilledAsync(server, channel, mode, new Random(seed), acknowledged);
            Assert.True(acknowledged >= before, $"round {seed}: the acknowledgement went back from {before} to {acknowledged}");
        }
        using ServeProcess last = await ServeProcess.StartOnAsync(data, cancel);
        using var lastChannel = new RpcChannel(last.Address, new RpcChannelOptions { MaxReplyBytes = 64 << 20 });
        var api = new Api(lastChannel);
        ulong total = acknowledged + PointsPerRound;
        Wire.UploadSummary summary = await FinishAsync(api, mode, acknowledged, total);
        Assert.Equal((total, 0ul), (summary.AcknowledgedThrough, summary.Refused));
        List<Wire.ScrollFrame> frames = await api.ScrollAllAsync(new Wire.ScrollRequest
        {
            Header = Api.Header("docs"),
            BatchSize = 1_000,
            Fields = new Wire.ReturnFields { Details = { Wire.Detail.Version } },
        });
        Wire.Point[] points = [.. frames.SelectMany(static f => f.Points)];
        Assert.True(points.LongLength == (long)total, $"{points.Length} points of {total} are there after the last kill.");
        Assert.Equal(total, (ulong)points.Select(static p => p.Id.Number).Distinct().LongCount());
        Wire.Point[] doubled = [.. points.Where(static p => p.Version != 1)];
        Assert.True(doubled.Length == 0, $"{doubled.Length} points were written more than once, {doubled.FirstOrDefault()} among them.");
    }

    /// <returns>Through where the server acknowledged.</returns>
    private static async Task<ulong> UploadUntilKilledAsync(ServeProcess server, RpcChannel channel, Wire.WriteMode mode, Random random, ulong before)
    {
        await using DuplexCall<Wire.UploadRequest, Wire.UploadReply> call = await BeginAsync(new Api(channel), mode);
        ulong acknowledged = before;
        int acksUntilKill = random.Next(8);
        try
        {
            Wire.UploadStarted started = (await call.ReadAsync())!.Started;
            Assert.True(started.AcknowledgedThrough >= before, $"{before} points were acknowledged, after the kill only {started.AcknowledgedThrough}.");
            acknowledged = started.AcknowledgedThrough;
            Task sending = SendAsync(call, acknowledged + 1, acknowledged + PointsPerRound, random);
            while (acksUntilKill > 0 && await call.ReadAsync() is { } reply)
            {
                if (reply.Ack is { } ack)
                {
                    acknowledged = Math.Max(acknowledged, ack.ThroughSequence);
                    acksUntilKill--;
                }
            }
            await server.KillAsync(TestContext.Current.CancellationToken);
            await sending;
            // What was under way when the process died still counts, if it arrived.
            while (await call.ReadAsync() is { } reply)
            {
                acknowledged = Math.Max(acknowledged, reply.Ack?.ThroughSequence ?? 0);
            }
        }
        catch (Exception broken) when (broken is Rpc.RpcException { Code: Rpc.StatusCode.Unavailable } or RequestsClosedException)
        {
            // The kill.
        }
        return acknowledged;
    }

    private static async Task SendAsync(DuplexCall<Wire.UploadRequest, Wire.UploadReply> call, ulong first, ulong last, Random random)
    {
        try
        {
            // Within the credits of the start: fewer points than 8,192, and small ones.
            while (first <= last)
            {
                int count = (int)Math.Min((ulong)random.Next(1, MostPointsPerFrame), last - first + 1);
                await call.WriteAsync(Items(first, count));
                first += (ulong)count;
            }
        }
        catch (RequestsClosedException)
        {
            // The kill.
        }
    }

    private static async Task<Wire.UploadSummary> FinishAsync(Api api, Wire.WriteMode mode, ulong acknowledged, ulong total)
    {
        await using DuplexCall<Wire.UploadRequest, Wire.UploadReply> call = await BeginAsync(api, mode);
        ulong next = 0;
        await foreach (Wire.UploadReply reply in call.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (reply.Summary is { } summary)
            {
                return summary;
            }
            if (reply.Started is { } started)
            {
                Assert.True(started.AcknowledgedThrough >= acknowledged, $"{acknowledged} points were acknowledged, now {started.AcknowledgedThrough}.");
                next = started.AcknowledgedThrough + 1;
                await SendAsync(call, next, total, new Random(0));
                call.CompleteRequests();
            }
        }
        throw new InvalidOperationException("The upload ended without a summary.");
    }

    private static async Task<DuplexCall<Wire.UploadRequest, Wire.UploadReply>> BeginAsync(Api api, Wire.WriteMode mode)
    {
        DuplexCall<Wire.UploadRequest, Wire.UploadReply> call = await api.UploadAsync();
        await call.WriteAsync(new Wire.UploadRequest { Header = new Wire.UploadHeader { Header = Api.Header("docs"), ResumeKey = Key, Mode = mode } });
        return call;
    }

    private static Wire.UploadRequest Items(ulong first, int count) => new()
    {
        Items = new Wire.UploadItems { FirstSequence = first, Points = { Enumerable.Range(0, count).Select(i => Api.Point(first + (ulong)i)) } },
    };
}
