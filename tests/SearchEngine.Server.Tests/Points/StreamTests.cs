using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Points;

public sealed class StreamTests
{
    [Fact]
    public async Task AnUpload_IsAcknowledgedThrough_ContinuesUnderItsKey_AndScrollsBackFromAnyCursor()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        Wire.UploadSummary first = await UploadAsync(server, 1, 1_500);
        Assert.Equal((1_500ul, 0ul, 1_500ul), (first.Written, first.Refused, first.AcknowledgedThrough));
        await server.RestartAsync();
        Wire.UploadSummary second = await UploadAsync(server, 1_001, 1_000);
        Assert.Equal((500ul, 2_000ul), (second.Written, second.AcknowledgedThrough));
        Assert.Equal(1ul, (await server.Api.GetAsync("docs", 1_200))!.Version);

        List<Wire.ScrollFrame> frames = await server.Api.ScrollAllAsync(new Wire.ScrollRequest { Header = Api.Header("docs"), Limit = 1_000 });
        ulong[] whole = [.. frames.SelectMany(static f => f.Points).Select(static p => p.Id.Number)];
        await server.Api.UpsertAsync("docs", Api.Point(5_000));
        List<Wire.ScrollFrame> rest = await server.Api.ScrollAllAsync(new Wire.ScrollRequest { Header = Api.Header("docs"), Cursor = frames[1].Cursor });
        ulong[] again = [.. frames.Take(2).Concat(rest).SelectMany(static f => f.Points).Select(static p => p.Id.Number)];
        Assert.Equal(whole, again.Take(whole.Length));
        Assert.Equal(2_000, again.Distinct().Count());
    }

    [Fact]
    public async Task ACursor_StaysGoodAfterItsStreamWasSentToTheEnd()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        await UploadAsync(server, 1, 1_000);
        var request = new Wire.ScrollRequest { Header = Api.Header("docs"), BatchSize = 100 };
        List<Wire.ScrollFrame> frames = await server.Api.ScrollAllAsync(request);

        // The client may have died with the last frames unread.
        request.Cursor = frames[3].Cursor;
        List<Wire.ScrollFrame> rest = await server.Api.ScrollAllAsync(request);

        Assert.Equal(frames.Skip(4).SelectMany(static f => f.Points), rest.SelectMany(static f => f.Points));
    }

    private static async Task<Wire.UploadSummary> UploadAsync(RunningServer server, ulong from, int count)
    {
        await using DuplexCall<Wire.UploadRequest, Wire.UploadReply> call = await server.Api.UploadAsync();
        await call.WriteAsync(new Wire.UploadRequest { Header = new Wire.UploadHeader { Header = Api.Header("docs"), ResumeKey = "k" } });
        await call.WriteAsync(new Wire.UploadRequest
        {
            Items = new Wire.UploadItems { FirstSequence = from, Points = { Enumerable.Range((int)from, count).Select(static i => Api.Point((ulong)i)) } },
        });
        call.CompleteRequests();
        Wire.UploadSummary? summary = null;
        await foreach (Wire.UploadReply reply in call.ReadAllAsync())
        {
            summary = reply.Summary ?? summary;
        }
        return summary!;
    }
}
