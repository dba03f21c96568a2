using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Points;

/// <summary>searchengine.v1.Points.</summary>
internal sealed class PointsService(ServerState server)
{
    private readonly PointTexts _texts = new(server.Texts);

    public ValueTask<Wire.UpsertReply> Upsert(Wire.UpsertRequest request, ServerCall call) =>
        server.Requests.OnceAsync(call, request.Header, request, () =>
        {
            CallContext context = CallContext.Of(server, call, request.Header);
            TimeSpan limit = PointTexts.MayEncode(request.Points, context.Schema) ? Serving.EncodingDeadline : Serving.DefaultDeadline;
            return Serving.UnaryAsync(context, limit, cancel => PointWrites.UpsertAsync(context, request, _texts, cancel));
        });

    public ValueTask<Wire.UpdateAttributesReply> UpdateAttributes(Wire.UpdateAttributesRequest request, ServerCall call) =>
        server.Requests.OnceAsync(call, request.Header, request, () =>
        {
            CallContext context = CallContext.Of(server, call, request.Header);
            return Serving.UnaryAsync(context, cancel => PointWrites.UpdateAsync(context, request, cancel));
        });

    public ValueTask<Wire.DeleteReply> Delete(Wire.DeleteRequest request, ServerCall call) =>
        server.Requests.OnceAsync(call, request.Header, request, () =>
        {
            CallContext context = CallContext.Of(server, call, request.Header);
            return Serving.UnaryAsync(context, cancel => PointWrites.DeleteAsync(context, request, cancel));
        });

    public ValueTask<Wire.GetReply> Get(Wire.GetRequest request, ServerCall call)
    {
        CallContext context = CallContext.Of(server, call, request.Header);
        return Serving.UnaryAsync(context, _ => Task.FromResult(PointReads.Get(context, request)));
    }

    public ValueTask<Wire.CountReply> Count(Wire.CountRequest request, ServerCall call)
    {
        CallContext context = CallContext.Of(server, call, request.Header);
        return Serving.UnaryAsync(context, _ => Task.FromResult(PointReads.Count(context, request)));
    }

    public async ValueTask Scroll(Wire.ScrollRequest request, ReplyStream<Wire.ScrollFrame> replies, ServerCall call)
    {
        CallContext context = CallContext.Of(server, call, request.Header, lane: Wire.Lane.Bulk);
        await Serving.RunAsync(context, async () =>
        {
            await new ScrollStream(context, request, server.Cursors, replies).RunAsync().ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public async ValueTask Upload(RequestStream<Wire.UploadRequest> requests, ReplyStream<Wire.UploadReply> replies, ServerCall call)
    {
        Wire.UploadHeader header = await UploadStream.ReadHeaderAsync(requests).ConfigureAwait(false);
        CallContext context = CallContext.Of(server, call, header.Header, Wire.Lane.Bulk);
        await Serving.RunAsync(context, async () =>
        {
            await using ResumeLease resume = await server.Uploads.BeginAsync(context, header).ConfigureAwait(false);
            await new UploadStream(context, header, resume, _texts, requests, replies).RunAsync().ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }
}
