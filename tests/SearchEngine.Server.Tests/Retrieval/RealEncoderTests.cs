using System.Globalization;
using Google.Protobuf.Reflection;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Testing;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Server.Tests.Retrieval;

/// <summary>Both processes as users start them, with a model that the test writes: what the search process makes of a text is what the encoder says.</summary>
public sealed class RealEncoderTests
{
    private const string Name = "docs";
    private const string Question = "the cat sits on the house";

    /// <summary>Vectors are stored as float16.</summary>
    private const float Rounding = 2e-3f;

    private static readonly ServiceDescriptor Encoder = Wire.EncoderReflection.Descriptor.Services[0];
    private static readonly ServiceDescriptor Search = Wire.SearchReflection.Descriptor.Services[0];
    private static readonly ServiceDescriptor Rerank = Wire.RerankReflection.Descriptor.Services[0];
    private static readonly string[] Words = ["red", "green", "blue", "cat", "dog", "house", "tree", "sits", "runs", "fast", "slow", "night", "day"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsStoredFoundAndReranked_IsWhatTheEncoderSays_AndAKilledEncoderIsFoundAgain()
    {
        RequireRuntime();
        using TestFolder folder = TestFolder.OfAllHeads();
        using EncodeProcess encode = await EncodeProcess.StartAsync(folder.Path, Stop);
        using ServeProcess serve = await ServeProcess.StartAsync(Stop, "--encoder", encode.Target);
        using var encoder = new RpcChannel(new Uri($"http://{encode.Target}"));
        using var server = new RpcChannel(serve.Address, new RpcChannelOptions { Retry = RetryPolicy.None });
        string[] bodies = [.. Enumerable.Range(1, 40).Select(BodyOf)];
        Wire.DescribeEncoderReply models = await UnaryAsync<Wire.DescribeEncoderRequest, Wire.DescribeEncoderReply>(encoder, Encoder, "Describe", new Wire.DescribeEncoderRequest());
        await FillAsync(server, models.Models[0].Model, bodies);

        Wire.EncodeReply documents = await EncodeAsync(encoder, Wire.Side.Document, bodies);
        Wire.EncodeReply query = await EncodeAsync(encoder, Wire.Side.Query, [Question]);
        float[] wanted = Values(query.Items[0].Dense);
        float[] cosines = [.. documents.Items.Select(item => Dot(wanted, Values(item.Dense)))];
        Wire.SearchReply found = await UnaryAsync<Wire.SearchRequest, Wire.SearchReply>(server, Search, "Search", TextRequest());
        Assert.All(found.Hits, hit => Assert.Equal(cosines[(int)hit.Id.Number - 1], hit.Score, Rounding));
        Assert.Equal(cosines.OrderDescending().ElementAt(4), found.Hits[4].Score, Rounding);
        Assert.Equal(query.Fingerprint, found.Fingerprint);

        Wire.ScoreReply scores = await UnaryAsync<Wire.ScoreRequest, Wire.ScoreReply>(encoder, Encoder, "Score", new Wire.ScoreRequest { Query = Question, Documents = { bodies } });
        ulong[] best = [.. Enumerable.Range(0, bodies.Length).OrderByDescending(i => scores.Scores[i]).Select(static i => (ulong)i + 1)];
        Wire.RerankReply reranked = await UnaryAsync<Wire.RerankRequest, Wire.RerankReply>(server, Rerank, "Rerank", new Wire.RerankRequest
        {
            Header = Api.Header(Name),
            Query = Question,
            Candidates = { Enumerable.Range(1, 40).Select(static id => new Wire.RerankCandidate { Id = new Wire.Id { Number = (ulong)id } }) },
        });
        Assert.Equal(best, reranked.Items.Select(static item => item.Id.Number));
        Wire.RetrieveReply retrieved = await RetrieveAsync(server);
        Assert.Equal(best[..10], retrieved.Hits.Select(static hit => hit.Id.Number));
        Assert.Equal((true, 40u, 40u), (retrieved.Complete, retrieved.Candidates, retrieved.Reranked));

        await encode.KillAsync(Stop);
        RpcException down = await RunningServer.RefusedAsync(() => UnaryAsync<Wire.SearchRequest, Wire.SearchReply>(server, Search, "Search", TextRequest("a dog")), Wire.ErrorReason.EncoderDown);
        Assert.Equal(encode.Target, down.Facts["encoder"]);
        Wire.RetrieveReply without = await RetrieveAsync(server);
        Assert.Equal((false, Wire.ErrorReason.EncoderDown), (without.Complete, Assert.Single(without.Skipped).Reason));
        Assert.Equal(found.Hits.Select(static hit => hit.Id), without.Hits.Take(5).Select(static hit => hit.Id));

        using EncodeProcess again = await EncodeProcess.StartAsync(folder.Path, Stop, "--port", encode.Address.Port.ToString(CultureInfo.InvariantCulture));
        Wire.RetrieveReply back = await UntilCompleteAsync(server);
        Assert.Equal(best[..10], back.Hits.Select(static hit => hit.Id.Number));
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task TheTourOfRetrieval_PassesInEveryStep(string language)
    {
        const int Steps = 10;
        ForeignCommand tour = (await ForeignTools.ProgramAsync(language, "retrieve_tour")).Required();
        RequireRuntime();
        using TestFolder folder = TestFolder.OfAllHeads();
        using EncodeProcess encode = await EncodeProcess.StartAsync(folder.Path, Stop);
        using ServeProcess serve = await ServeProcess.StartAsync(Stop, "--encoder", encode.Target);
        ForeignReport report = await ForeignReport.RunAsync(tour, "--server", serve.Target, "--encoder", encode.Target);
        Assert.True(report.Results.Values.All(static r => r.Verdict == "PASS"), $"A step of the {language} tour failed:\n{report.Output}");
        Assert.True(report.Results.Count == Steps, $"The {language} tour took {report.Results.Count} of {Steps} steps:\n{report.Output}");
    }

    private static void RequireRuntime()
    {
        try
        {
            OnnxRuntime.Load().Dispose();
        }
        catch (OnnxLibraryException missing) when (Environment.GetEnvironmentVariable("REQUIRE_ONNXRUNTIME") != "1")
        {
            Assert.Skip(missing.Message);
        }
    }

    private static async Task FillAsync(RpcChannel server, string model, string[] bodies)
    {
        Wire.CollectionConfig config = new()
        {
            Vectors = { new Wire.VectorSchema { Dimension = TestFolder.Width, Space = new Wire.SpaceBinding { Model = model }, SourceTextField = "body" } },
            Texts = { new Wire.TextSchema { Name = "body", Index = Wire.TextIndex.None } },
        };
        var api = new Api(server);
        await api.CreateAsync(Name, config);
        Wire.UpsertReply written = await api.UpsertAsync(Name, [.. bodies.Select(static (body, i) => new Wire.Point { Id = new Wire.Id { Number = (ulong)i + 1 }, Texts = { ["body"] = body } })]);
        Assert.Equal((uint)bodies.Length, written.Written);
    }

    private static string BodyOf(int id)
    {
        var random = new Random(id);
        return string.Join(' ', Enumerable.Range(0, 3 + id % 6).Select(_ => Words[random.Next(Words.Length)])) + string.Create(CultureInfo.InvariantCulture, $" {(char)('a' + id % 26)}");
    }

    private static Wire.SearchRequest TextRequest(string text = Question) => new()
    {
        Header = Api.Header(Name),
        Query = new Wire.Query { Text = new Wire.TextQuery { Text = text } },
        K = 5,
    };

    private static Task<Wire.EncodeReply> EncodeAsync(RpcChannel encoder, Wire.Side side, string[] texts) => UnaryAsync<Wire.EncodeRequest, Wire.EncodeReply>(
        encoder, Encoder, "Encode", new Wire.EncodeRequest { Texts = { texts }, Options = new Wire.EncodeOptions { Side = side } });

    private static Task<TReply> UnaryAsync<TRequest, TReply>(RpcChannel channel, ServiceDescriptor service, string method, TRequest request)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TReply : class, Google.Protobuf.IMessage<TReply> => channel.UnaryAsync(new RpcMethod<TRequest, TReply>(service, method), request, cancellation: Stop);

    private static async Task<Wire.RetrieveReply> RetrieveAsync(RpcChannel server)
    {
        var request = new Wire.RetrieveRequest { Header = Api.Header(Name), Text = Question, Candidates = 40, Form = Wire.StreamForm.FinalOnly };
        await using ServerStreamCall<Wire.RetrieveRequest, Wire.RetrieveFrame> call = await server.ServerStreamAsync(
            new RpcMethod<Wire.RetrieveRequest, Wire.RetrieveFrame>(Search, "Retrieve"), request, cancellation: Stop);
        return (await call.ReadAllAsync(Stop).ToListAsync(Stop))[^1].Reply;
    }

    /// <summary>As a client that tries again while a stage is skipped, or the encoder says that it is not ready yet.</summary>
    private static async Task<Wire.RetrieveReply> UntilCompleteAsync(RpcChannel server)
    {
        const int Attempts = 300;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Wire.RetrieveReply reply = await RetrieveAsync(server);
                if (reply.Complete || attempt == Attempts)
                {
                    return reply;
                }
            }
            catch (RpcException notReady) when (notReady.Code == StatusCode.Unavailable && attempt < Attempts)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"Attempt {attempt}: {notReady.Message}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), Stop);
        }
    }

    private static float[] Values(Wire.Vector vector) => [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(vector.Data.Span)];

    private static float Dot(float[] left, float[] right) => left.Zip(right, static (a, b) => a * b).Sum();
}
