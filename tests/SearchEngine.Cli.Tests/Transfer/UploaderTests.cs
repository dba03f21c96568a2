using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using Xunit;
using Record = SearchEngine.Cli.Transfer.Record;

namespace SearchEngine.Cli.Tests.Transfer;

/// <summary>What an upload does with a server that takes points and goes before it has acknowledged them.</summary>
public sealed class UploaderTests
{
    private const int Records = 50;

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Ok)]
    public async Task PointsThatWereAllSentAndNotAcknowledged_AreSentAgain_HoweverLateTheNextStreamBegins(StatusCode end)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var points = new LosingPoints(end);
        await using RpcServer server = await RpcServer.StartAsync(
            new RpcServerOptions { DrainTime = TimeSpan.Zero }, [RpcService.Bind(PointsReflection.Descriptor.Services.Single(), points)]);
        using var session = new Session(new Uri($"http://{server.EndPoint}"), new RpcChannelOptions(), TimeSpan.FromSeconds(10), OutputForm.Json);
        var config = new CollectionConfig();
        config.Vectors.Add(new VectorSchema { Dimension = 1 });
        using IEnumerator<Record> records = Enumerable.Range(0, Records).Select(i => Record.OfRow((ulong)i, [i])).GetEnumerator();
        var uploader = new Uploader(session, new UploadHeader { ResumeKey = "k" }, new PointQueue(records, new PointMap(config)), _ => { });
        UploadState state = await uploader.RunAsync(TimeSpan.FromSeconds(30), cancellation);
        Assert.Equal(Enumerable.Range(0, Records).Select(i => (ulong)i), points.Written);
        Assert.Equal((ulong)Records, state.Acknowledged);
        Assert.Equal(1, state.Breaks);
        // Its refusal came from both streams.
        Assert.Equal(1UL, state.Refused);
        Assert.Equal(7UL, Assert.Single(state.Refusals).Index);
    }

    /// <summary>Loses what its first stream brings, and begins the second only after a client in a hurry would have ended it.</summary>
    private sealed class LosingPoints(StatusCode end)
    {
        private static readonly TimeSpan Hurry = TimeSpan.FromMilliseconds(300);

        private int _streams;

        public List<ulong> Written { get; } = [];

        public async ValueTask Upload(RequestStream<UploadRequest> requests, ReplyStream<UploadReply> replies, ServerCall call)
        {
            await requests.ReadAsync();
            if (Interlocked.Increment(ref _streams) == 1)
            {
                await LoseAsync(requests, replies);
            }
            else
            {
                await WriteAsync(requests, replies);
            }
        }

        private async Task LoseAsync(RequestStream<UploadRequest> requests, ReplyStream<UploadReply> replies)
        {
            await BeginAsync(replies);
            while (await requests.ReadAsync() is not null)
            {
            }
            if (end != StatusCode.Ok) throw new RpcException(end, "The server goes.");
        }

        private async Task WriteAsync(RequestStream<UploadRequest> requests, ReplyStream<UploadReply> replies)
        {
            Task<UploadRequest?> next = requests.ReadAsync().AsTask();
            await Task.WhenAny(next, Task.Delay(Hurry));
            await BeginAsync(replies);
            while (await next is { } frame)
            {
                Written.AddRange(frame.Items.Points.Select(point => point.Id.Number));
                next = requests.ReadAsync().AsTask();
            }
            await replies.WriteAsync(new UploadReply { Summary = new UploadSummary { AcknowledgedThrough = (ulong)Written.Count } });
        }

        private static async Task BeginAsync(ReplyStream<UploadReply> replies)
        {
            await replies.WriteAsync(new UploadReply { Started = new UploadStarted { Credits = new UploadCredits { Items = 1_000, Bytes = 1 << 20 } } });
            await replies.WriteAsync(new UploadReply { Refusals = new UploadRefusals { Refused = { new RefusedItem { Index = 7 } } } });
        }
    }
}
