using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Evaluation;

/// <summary>The calls of the Evaluation service, short to write.</summary>
internal sealed class EvaluationApi(RpcChannel channel)
{
    private static readonly ServiceDescriptor Service = Wire.EvaluationReflection.Descriptor.Services[0];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Task<Wire.LoadJudgementsReply> LoadAsync(
        string collection, string name, IEnumerable<Wire.JudgedQuery> queries, IEnumerable<Wire.Judgement> judgements, Action<Wire.JudgementsHeader>? with = null)
    {
        var header = new Wire.JudgementsHeader { Header = Api.Header(collection), Name = name };
        with?.Invoke(header);
        return LoadAsync(
            new Wire.LoadJudgementsRequest { Header = header },
            new Wire.LoadJudgementsRequest { Judgements = new Wire.JudgementList { Judgements = { judgements } } },
            new Wire.LoadJudgementsRequest { Queries = new Wire.JudgedQueries { Queries = { queries } } });
    }

    public async Task<Wire.LoadJudgementsReply> LoadAsync(params Wire.LoadJudgementsRequest[] frames)
    {
        await using ClientStreamCall<Wire.LoadJudgementsRequest, Wire.LoadJudgementsReply> call = await channel.ClientStreamAsync(
            new RpcMethod<Wire.LoadJudgementsRequest, Wire.LoadJudgementsReply>(Service, "LoadJudgements"), cancellation: Stop);
        foreach (Wire.LoadJudgementsRequest frame in frames)
        {
            await call.WriteAsync(frame);
        }
        return await call.CompleteAsync();
    }

    public Task<Wire.ListJudgementsReply> ListAsync(string collection) =>
        UnaryAsync<Wire.ListJudgementsRequest, Wire.ListJudgementsReply>("ListJudgements", new Wire.ListJudgementsRequest { Header = Api.Header(collection) });

    public Task<Wire.DeleteJudgementsReply> DeleteAsync(string collection, string name) => UnaryAsync<Wire.DeleteJudgementsRequest, Wire.DeleteJudgementsReply>(
        "DeleteJudgements", new Wire.DeleteJudgementsRequest { Header = Api.Header(collection), Name = name });

    /// <summary>All frames; the last one is the summary.</summary>
    public Task<List<Wire.EvaluateFrame>> EvaluateAsync(Wire.EvaluateRequest request) => FramesAsync<Wire.EvaluateRequest, Wire.EvaluateFrame>("Evaluate", request);

    public async Task<List<TFrame>> FramesAsync<TRequest, TFrame>(string method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TFrame : class, IMessage<TFrame>
    {
        await using ServerStreamCall<TRequest, TFrame> call = await channel.ServerStreamAsync(new RpcMethod<TRequest, TFrame>(Service, method), request, cancellation: Stop);
        return await call.ReadAllAsync(Stop).ToListAsync(Stop);
    }

    private Task<TReply> UnaryAsync<TRequest, TReply>(string method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => channel.UnaryAsync(new RpcMethod<TRequest, TReply>(Service, method), request, cancellation: Stop);
}
