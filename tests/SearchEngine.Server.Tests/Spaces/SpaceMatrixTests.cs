using Google.Protobuf;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Server.Tests.Spaces;

/// <summary>Three collections of one dimension and three spaces: what is of another space or side enters nowhere, what is right everywhere.</summary>
public sealed class SpaceMatrixTests
{
    private static readonly RpcMethod<Wire.SearchRequest, Wire.SearchReply> Search = Of<Wire.SearchRequest, Wire.SearchReply>("Search");
    private static readonly RpcMethod<Wire.SearchBatchRequest, Wire.SearchBatchReply> Batch = Of<Wire.SearchBatchRequest, Wire.SearchBatchReply>("SearchBatch");
    private static readonly RpcMethod<Wire.SearchStreamRequest, Wire.SearchFrame> Stream = Of<Wire.SearchStreamRequest, Wire.SearchFrame>("SearchStream");
    private static readonly RpcMethod<Wire.PipelineRequest, Wire.PipelineReply> Pipeline = Of<Wire.PipelineRequest, Wire.PipelineReply>("SearchPipeline");
    private static readonly RpcMethod<Wire.ExplainRequest, Wire.ExplainReply> Explain = Of<Wire.ExplainRequest, Wire.ExplainReply>("Explain");

    private static readonly Wire.SpaceBinding[] Spaces =
    [
        new() { Declared = "cloud/large@4", Sidedness = Wire.Sidedness.Asymmetric },
        new() { Encoder = Encoder('a') },
        new() { Encoder = Encoder('b') },
    ];

    [Fact]
    public async Task Of_all_pairs_of_spaces_and_sides_only_the_right_ones_enter_by_any_call()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var ids = new List<string>();
        foreach (Wire.SpaceBinding space in Spaces)
        {
            Wire.CollectionConfig config = Api.Config();
            config.Vectors[0].Space = space;
            Wire.CreateCollectionReply made = await server.Api.CreateAsync($"c{ids.Count}", config);
            string id = made.Collection.Vectors[0].Fingerprint.Space;
            await server.Api.UpsertAsync($"c{ids.Count}", r => r.Origin = new Wire.VectorOrigin { Space = id, Side = Wire.Side.Document }, Api.Point(1));
            ids.Add(id);
        }
        Assert.Equal(Spaces.Length, ids.Distinct().Count());
        for (int own = 0; own < Spaces.Length; own++)
        {
            for (int given = 0; given < Spaces.Length; given++)
            {
                foreach (Wire.Side side in (Wire.Side[])[Wire.Side.Document, Wire.Side.Query])
                {
                    var origin = new Wire.VectorOrigin { Space = ids[given], Side = side };
                    await CheckAsync(server, $"c{own}", ids[own], origin, Wire.Side.Document, Writes(server, $"c{own}", origin));
                    await CheckAsync(server, $"c{own}", ids[own], origin, Wire.Side.Query, Searches(server, $"c{own}", origin));
                }
            }
            Assert.Equal(2ul, await server.Api.CountAsync($"c{own}"));
        }
    }

    private static async Task CheckAsync(
        RunningServer server, string collection, string space, Wire.VectorOrigin origin, Wire.Side right, IEnumerable<(string Call, Func<Task> Make)> calls)
    {
        foreach ((string call, Func<Task> make) in calls)
        {
            string what = $"{call} of {origin} to {collection}, which is of {space}";
            RpcException? refused = null;
            try
            {
                await make();
            }
            catch (RpcException failed)
            {
                refused = failed;
            }
            if (origin.Space == space && origin.Side == right)
            {
                Assert.True(refused is null, $"{what} was refused: {refused?.Message}");
                continue;
            }
            bool isSpace = origin.Space != space;
            // A vector that says itself that it is of the other side is wrong wherever it comes from.
            bool isSide = origin.Side != right;
            Assert.True(refused is not null, $"{what} was let in.");
            Assert.True(
                (isSpace && refused.Reason == "ENCODER_MISMATCH" && refused.Message.Contains(space) && refused.Message.Contains(origin.Space))
                || (isSide && refused.Reason == "SIDE_MISMATCH" && refused.Message.Contains("DOCUMENT") && refused.Message.Contains("QUERY")),
                $"{what} was refused without naming both: {refused.Reason} {refused.Message}");
        }
    }

    private static IEnumerable<(string Call, Func<Task> Make)> Writes(RunningServer server, string collection, Wire.VectorOrigin origin)
    {
        yield return ("Upsert", () => server.Api.UpsertAsync(collection, r => r.Origin = origin, Api.Point(1)));
        yield return ("Upload", async () =>
        {
            await using DuplexCall<Wire.UploadRequest, Wire.UploadReply> call = await server.Api.UploadAsync();
            await call.WriteAsync(new Wire.UploadRequest { Header = new Wire.UploadHeader { Header = Api.Header(collection), Origin = origin } });
            Assert.NotNull((await call.ReadAsync())!.Started);
            await call.WriteAsync(new Wire.UploadRequest { Items = new Wire.UploadItems { FirstSequence = 1, Points = { Api.Point(2) } } });
            call.CompleteRequests();
            await foreach (Wire.UploadReply _ in call.ReadAllAsync())
            {
            }
        }
        );
    }

    private static IEnumerable<(string Call, Func<Task> Make)> Searches(RunningServer server, string collection, Wire.VectorOrigin origin)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Wire.SearchRequest request = new()
        {
            Header = Api.Header(collection),
            Query = new Wire.Query { Vector = new Wire.Vector { Values = { 1, 0, 0, 1 } }, Origin = origin },
        };
        yield return ("Search", () => server.Channel.UnaryAsync(Search, request, cancellation: cancel));
        yield return ("SearchStream", async () =>
        {
            await using ServerStreamCall<Wire.SearchStreamRequest, Wire.SearchFrame> call =
                await server.Channel.ServerStreamAsync(Stream, new Wire.SearchStreamRequest { Search = request }, cancellation: cancel);
            await call.ReadAllAsync(cancel).ToListAsync(cancel);
        }
        );
        yield return ("SearchBatch", async () =>
        {
            var batch = new Wire.SearchBatchRequest { Header = request.Header, Searches = { new Wire.SearchRequest { Query = request.Query } } };
            Throw((await server.Channel.UnaryAsync(Batch, batch, cancellation: cancel)).Items[0].Error);
        }
        );
        yield return ("SearchPipeline", async () =>
        {
            await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await server.Channel.DuplexAsync(Pipeline, cancellation: cancel);
            await call.WriteAsync(new Wire.PipelineRequest { CallId = 1, Search = request });
            call.CompleteRequests();
            await foreach (Wire.PipelineReply reply in call.ReadAllAsync(cancel))
            {
                Throw(reply.Error);
            }
        }
        );
        var explain = new Wire.ExplainRequest { Search = request, Id = new Wire.Id { Number = 1 } };
        yield return ("Explain", () => server.Channel.UnaryAsync(Explain, explain, cancellation: cancel));
    }

    private static void Throw(Wire.ItemError? error)
    {
        if (error is not null)
        {
            throw new RpcException((StatusCode)error.Code, error.Message, SearchEngine.Contract.Reasons.NameOf(error.Reason));
        }
    }

    private static Wire.EncoderDescriptor Encoder(char digit) => new()
    {
        WeightsSha256 = new string(digit, 64),
        TokenizerSha256 = new string('0', 64),
        MaxTokens = 512,
        Dimension = Api.Dimension,
        Sidedness = Wire.Sidedness.Asymmetric,
    };

    private static RpcMethod<TRequest, TReply> Of<TRequest, TReply>(string method)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => new(Wire.SearchReflection.Descriptor.Services[0], method);
}
