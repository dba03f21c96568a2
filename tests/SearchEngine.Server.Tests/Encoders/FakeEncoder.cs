using System.Collections.Concurrent;
using System.Net;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Tests.Encoders;

/// <summary>
/// An encoder process that does what a test tells it: vectors from hashes of the texts, scores from the words two texts share, and whatever
/// delays, failures and fingerprints are asked for. A real gRPC server on a loopback port; it can be killed and started again.
/// </summary>
internal sealed class FakeEncoder : IAsyncDisposable
{
    public const int Dimension = 64;
    public const string EncodeModel = "toy-encode";
    public const string ScoreModel = "toy-score";

    private RpcServer? _server;
    private IPEndPoint _listen = new(IPAddress.Loopback, 0);

    private FakeEncoder(Wire.EncoderDescriptor descriptor) => Descriptor = descriptor;

    public Wire.EncoderDescriptor Descriptor { get; set; }

    /// <summary>What replies say instead of the described space; null for the truth.</summary>
    public string? ClaimedSpace { get; set; }

    public string Space => SpaceId.Of(Descriptor);

    public string Build { get; set; } = "b1-0123456789abcdef0123456789abcdef";

    /// <summary>What is added to an element of every vector: another model in the same clothes.</summary>
    public float Skew { get; set; }

    /// <summary>Texts with it get a zero vector, as those of a script that the tokenizer does not know; null for none.</summary>
    public string? Unknown { get; set; }

    /// <summary>Whether the encode model says that it has passed its self-test.</summary>
    public bool IsTested { get; set; } = true;

    public bool HasScoreModel { get; set; } = true;

    /// <summary>Texts with more words are too long for the model.</summary>
    public int MaxWords { get; set; } = 50;

    public Uri Address => new($"http://{_listen}");

    /// <summary>Every Encode request that came, in order.</summary>
    public ConcurrentQueue<Wire.EncodeRequest> Encodes { get; } = new();

    public ConcurrentQueue<Wire.ScoreRequest> Scores { get; } = new();

    /// <summary>Runs before an Encode is answered: delays, fails, or does nothing.</summary>
    public Func<Wire.EncodeRequest, ServerCall, Task> OnEncode { get; set; } = static (_, _) => Task.CompletedTask;

    public Func<Wire.ScoreRequest, ServerCall, Task> OnScore { get; set; } = static (_, _) => Task.CompletedTask;

    public static async Task<FakeEncoder> StartAsync(char weights = 'a', Wire.Sidedness sidedness = Wire.Sidedness.Asymmetric)
    {
        var encoder = new FakeEncoder(Describe(weights, sidedness));
        await encoder.StartAgainAsync();
        return encoder;
    }

    public static Wire.EncoderDescriptor Describe(char weights, Wire.Sidedness sidedness) => new()
    {
        Name = EncodeModel,
        WeightsSha256 = new string(weights, 64),
        TokenizerSha256 = new string('0', 64),
        MaxTokens = 50,
        Dimension = Dimension,
        AllowedDimensions = { 32 },
        Sidedness = sidedness,
        QueryTemplate = "query: {text}",
        Tasks = { new Wire.TaskTemplate { Task = "questions", Side = Wire.Side.Query, Template = "question: {text}" } },
    };

    /// <summary>On the same port as before.</summary>
    public async Task StartAgainAsync()
    {
        RpcService service = RpcService.Bind(Wire.EncoderReflection.Descriptor.Services[0], new FakeEncoderService(this));
        _server = await RpcServer.StartAsync(new RpcServerOptions { Listen = _listen, DrainTime = TimeSpan.Zero, MeterScope = new object() }, [service]);
        _listen = _server.EndPoint;
    }

    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            await server.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    /// <summary>Vectors that a test wants for some texts; null for the usual one.</summary>
    public Func<string, Wire.Side, float[]?> Planted { get; set; } = static (_, _) => null;

    /// <summary>The vector it gives: as different as two hashes for each text and side, and nearer the more words are shared.</summary>
    public float[] VectorOf(string text, Wire.Side side, uint dimension = Dimension)
    {
        if (Planted(text, side) is { } planted)
        {
            return planted[..(int)dimension];
        }
        var values = new float[Dimension];
        foreach (string word in Words(text))
        {
            var random = new Random(HashOf(word));
            for (int i = 0; i < Dimension; i++)
            {
                values[i] += (float)(random.NextDouble() - 0.5);
            }
        }
        // Sides differ a little, as templates make them.
        values[0] += side == Wire.Side.Query && Descriptor.Sidedness == Wire.Sidedness.Asymmetric ? 0.01f : 0f;
        values[1] += Skew;
        if (Unknown is { } unknown && text.Contains(unknown, StringComparison.Ordinal)) values = new float[Dimension];
        float[] prefix = values[..(int)dimension];
        float norm = MathF.Sqrt(prefix.Sum(static v => v * v));
        return norm == 0 ? prefix : [.. prefix.Select(v => v / norm)];
    }

    /// <summary>The logit it gives: shared words, and a little of the text itself so that no two texts are equal.</summary>
    public static float LogitOf(string query, string document)
    {
        HashSet<string> wanted = [.. Words(query)];
        return Words(document).Distinct(StringComparer.Ordinal).Count(wanted.Contains) - 2 + (HashOf(document) & 0xFFFF) / 131_072f;
    }

    public static float Sigmoid(float logit) => 1f / (1f + MathF.Exp(-logit));

    public static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The words the model reads, under a policy.</summary>
    public string[] Read(string text, Wire.Truncation policy, string path, int room)
    {
        string[] words = Words(text);
        if (words.Length <= room)
        {
            return words;
        }
        return policy switch
        {
            Wire.Truncation.Head => words[..room],
            Wire.Truncation.Tail => words[^room..],
            Wire.Truncation.HeadTail => [.. words[..(room / 2)], .. words[^(room - room / 2)..]],
            _ => throw new RpcException(StatusCode.InvalidArgument, $"{path} has {words.Length} tokens, {room} fit.", "TEXT_TOO_LONG")
                .With("field", path).With("tokens", $"{words.Length}").With("limit", $"{room} tokens").With("fix", "Cut it.").Field(path, $"{words.Length} tokens, {room} fit."),
        };
    }

    // Stable across processes, as string.GetHashCode is not.
    private static int HashOf(string word)
    {
        uint hash = 2_166_136_261;
        foreach (char c in word)
        {
            hash = (hash ^ c) * 16_777_619;
        }
        return (int)(hash & 0x7FFF_FFFF);
    }
}
