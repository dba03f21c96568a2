using System.Runtime.CompilerServices;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Diagnosing;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Retrieval;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Search.Pipeline;
using SearchEngine.Server.Search.Streaming;

namespace SearchEngine.Server.Search;

/// <summary>The Search service: reads the request, resolves the collection, and hands over to what runs it.</summary>
internal sealed class SearchService(ServerState server, SearchRunner runner)
{
    /// <summary>Of a search whose caller set no deadline.</summary>
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Where the search stands in requests that wrap one.</summary>
    private const string SearchField = "search";

    private const int LeastSpareThreads = 2;

    private readonly SearchTexts _texts = new(server.Texts);
    private readonly SearchBatch _batch = new(runner, server.Texts);
    private readonly SearchStreaming _streaming = new(runner, server.Time);
    private readonly Retriever _retriever = new(server, runner);
    private readonly DiagnoseCall _diagnose = new(server, runner);
    private readonly Explanations _explanations = new(runner, server.Texts);

    /// <summary>Runs the searches of other services, too: all take their places at one desk.</summary>
    public SearchRunner Runner => runner;

    /// <param name="desk">Null for one with the defaults.</param>
    /// <param name="watch">Null where nobody looks on.</param>
    public static SearchService Over(ServerState server, AdmissionDesk? desk = null, SearchWatch? watch = null)
    {
        desk ??= new AdmissionDesk(new AdmissionSettings(), server.Time);
        // A search holds a thread of the pool. Without others beside, calls would wait where nobody counts them, and none could be refused.
        int places = desk.Settings.Workers;
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, places + Math.Max(LeastSpareThreads, places)), ports);
        return new SearchService(server, new SearchRunner(desk, new CostModel(), server.Time, watch));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // As the runner's.
    public async ValueTask<Wire.SearchReply> Search(Wire.SearchRequest request, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        SearchOrder order = await PrepareAsync(request, context, default).ConfigureAwait(false);
        SearchOutcome outcome = await runner.TryRunAsync(order, context).ConfigureAwait(false);
        return outcome.Refusal is { } refusal
            ? call.Refuse<Wire.SearchReply>(refusal)
            : SearchReplies.Build(order, outcome.Answer!, context);
    }

    public ValueTask<Wire.SearchBatchReply> SearchBatch(Wire.SearchBatchRequest request, ServerCall call) =>
        _batch.RunAsync(request, Begin(call, request.Header));

    public async ValueTask SearchStream(Wire.SearchStreamRequest request, ReplyStream<Wire.SearchFrame> replies, ServerCall call)
    {
        SearchStreaming.Check(request);
        await WithinAsync(SearchField, async () =>
        {
            CallContext context = Begin(call, request.Search.Header);
            context.Record.Request = request;
            SearchOrder order = Read(request.Search, context);
            order = await _texts.EncodeAsync(order, context, context.Cancellation).ConfigureAwait(false);
            await _streaming.RunAsync(request, context, order, replies).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public async ValueTask SearchPipeline(RequestStream<Wire.PipelineRequest> requests, ReplyStream<Wire.PipelineReply> replies, ServerCall call)
    {
        using var pipeline = new SearchPipeline(
            (search, began, cancel) => AnswerAsync(search, call, began, cancel), 2 * runner.Desk.Settings.Workers, replies, call);
        var header = new Wire.ReplyHeader { ServerVersion = ServerState.Version };
        await pipeline.RunAsync(requests, new Wire.PipelineStarted { Header = header, MaxInFlight = SearchLimits.MaxInFlight }).ConfigureAwait(false);
    }

    public async ValueTask Retrieve(Wire.RetrieveRequest request, ReplyStream<Wire.RetrieveFrame> replies, ServerCall call)
    {
        CallContext context = Begin(call, request.Header);
        await Serving.RunAsync(context, async () =>
        {
            await _retriever.RunAsync(request, context, replies).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public async ValueTask<Wire.ExplainReply> Explain(Wire.ExplainRequest request, ServerCall call)
    {
        if (request.Search is null)
        {
            throw Refusal.Required("search", "Set the search.");
        }
        CallContext context = await WithinAsync(SearchField, () => ValueTask.FromResult(Begin(call, request.Search.Header))).ConfigureAwait(false);
        DocumentId id = await Serving.RunAsync(context, () => Task.FromResult(Explanations.Find(request.Id, context))).ConfigureAwait(false);
        return await WithinAsync(
            SearchField, () => Serving.RunAsync(context, () => _explanations.RunAsync(request.Search, id, context).AsTask())).ConfigureAwait(false);
    }

    public async ValueTask<Wire.DiagnoseReply> Diagnose(Wire.DiagnoseRequest request, ServerCall call)
    {
        CallContext context = CallContext.Of(server, call, request.Header);
        context.ApplyDeadline(DiagnoseCall.DefaultDeadline);
        context.Record.Request = request;
        return await Serving.RunAsync(context, () => _diagnose.RunAsync(request, context)).ConfigureAwait(false);
    }

    private async ValueTask<Wire.SearchReply> AnswerAsync(Wire.SearchRequest request, ServerCall call, long began, CancellationToken own)
    {
        CallContext context = Begin(call, request.Header, began);
        SearchOrder order = await PrepareAsync(request, context, own).ConfigureAwait(false);
        SearchAnswer answer = await runner.RunAsync(order, context, own: own).ConfigureAwait(false);
        return SearchReplies.Build(order, answer, context, context.ReplyLimit);
    }

    private ValueTask<SearchOrder> PrepareAsync(Wire.SearchRequest request, CallContext context, CancellationToken own)
    {
        context.Record.Request = request;
        SearchOrder order = Read(request, context);
        return !order.NeedsEncoding
            ? new ValueTask<SearchOrder>(order)
            : _texts.EncodeAsync(order, context, own.CanBeCanceled ? own : context.Cancellation);
    }

    // A query by id reads the collection, which may be dropped in that moment.
    private static SearchOrder Read(Wire.SearchRequest request, CallContext context)
    {
        try
        {
            return SearchMap.Read(request, context.Collection, context.Caller);
        }
        catch (CollectionException refused)
        {
            throw SearchErrors.Of(refused, context);
        }
    }

    private CallContext Begin(ServerCall call, Wire.RequestHeader? header, long? began = null)
    {
        CallContext context = CallContext.Of(server, call, header, began: began);
        context.ApplyDeadline(DefaultDeadline);
        return context;
    }

    private static async ValueTask<T> WithinAsync<T>(string path, Func<ValueTask<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Rpc.RpcException refused)
        {
            throw ItemErrors.Within(refused, path);
        }
    }
}
