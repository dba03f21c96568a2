using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Tests.Search;

namespace SearchEngine.Server.Tests.Encoders;

/// <summary>The calls of a <see cref="FakeEncoder"/>, with the refusals a real one has to give.</summary>
internal sealed class FakeEncoderService(FakeEncoder encoder)
{
    public ValueTask<Wire.DescribeEncoderReply> Describe(Wire.DescribeEncoderRequest request, ServerCall call)
    {
        var reply = new Wire.DescribeEncoderReply { Header = new Wire.ReplyHeader() };
        reply.Models.Add(new Wire.ModelDescription
        {
            Model = FakeEncoder.EncodeModel,
            Purposes = { Wire.ModelPurpose.Encode },
            Fingerprint = Fingerprint(),
            Encoder = encoder.Descriptor,
            SelfTestPassed = encoder.IsTested,
        });
        if (encoder.HasScoreModel)
        {
            reply.Models.Add(new Wire.ModelDescription
            {
                Model = FakeEncoder.ScoreModel,
                Purposes = { Wire.ModelPurpose.Score },
                Fingerprint = ScoreFingerprint(),
                SelfTestPassed = true,
                ScoreKinds = { Wire.ScoreKind.Logit, Wire.ScoreKind.Sigmoid },
            });
        }
        return ValueTask.FromResult(reply);
    }

    public async ValueTask<Wire.EncodeReply> Encode(Wire.EncodeRequest request, ServerCall call)
    {
        encoder.Encodes.Enqueue(request.Clone());
        await encoder.OnEncode(request, call);
        if (request.Options.Side is not (Wire.Side.Query or Wire.Side.Document))
        {
            throw new RpcException(StatusCode.InvalidArgument, "The side is missing.", "INPUT_TYPE_REQUIRED").With("model", request.Options.Model);
        }
        uint dimension = request.Options.Dimension == 0 ? FakeEncoder.Dimension : request.Options.Dimension;
        var reply = new Wire.EncodeReply { Fingerprint = Fingerprint(), Header = new Wire.ReplyHeader { Timings = new Wire.Timings { EncodeMicros = 7, TokenizeMicros = 3 } } };
        RefuseLong([.. request.Texts], request.Options.Truncation, "texts", encoder.MaxWords);
        for (int i = 0; i < request.Texts.Count; i++)
        {
            string text = request.Options.Task.Length > 0 ? $"{request.Options.Task} {request.Texts[i]}" : request.Texts[i];
            string[] read = encoder.Read(text, request.Options.Truncation, $"texts[{i}]", encoder.MaxWords);
            reply.Items.Add(new Wire.EncodedItem
            {
                Dense = SearchHost.Vector(encoder.VectorOf(string.Join(' ', read), request.Options.Side, dimension)),
                TextUse = Use(text, read),
            });
        }
        return reply;
    }

    public async ValueTask<Wire.ScoreReply> Score(Wire.ScoreRequest request, ServerCall call)
    {
        encoder.Scores.Enqueue(request.Clone());
        await encoder.OnScore(request, call);
        int room = encoder.MaxWords - FakeEncoder.Words(request.Query).Length;
        if (room < 1)
        {
            throw new RpcException(StatusCode.InvalidArgument, "The query is too long.", "TEXT_TOO_LONG").With("field", "query").With("fix", "Shorten it.").Field("query", "Too long.");
        }
        RefuseLong([.. request.Documents], request.Truncation, "documents", room);
        Wire.ScoreKind kind = request.ScoreKind == 0 ? Wire.ScoreKind.Sigmoid : request.ScoreKind;
        var reply = new Wire.ScoreReply { Header = new Wire.ReplyHeader(), ScoreKind = kind, Fingerprint = ScoreFingerprint(), QueryUse = Use(request.Query, FakeEncoder.Words(request.Query)) };
        for (int i = 0; i < request.Documents.Count; i++)
        {
            string[] read = encoder.Read(request.Documents[i], request.Truncation, $"documents[{i}]", room);
            float logit = FakeEncoder.LogitOf(request.Query, string.Join(' ', read));
            reply.Scores.Add(kind == Wire.ScoreKind.Logit ? logit : FakeEncoder.Sigmoid(logit));
            reply.DocumentUses.Add(Use(request.Documents[i], read));
        }
        return reply;
    }

    // As the contract says: the call fails as a whole, and every bad text is named.
    private static void RefuseLong(string[] texts, Wire.Truncation policy, string path, int room)
    {
        int[] bad = policy is Wire.Truncation.Error or Wire.Truncation.Unspecified
            ? [.. Enumerable.Range(0, texts.Length).Where(i => FakeEncoder.Words(texts[i]).Length > room)]
            : [];
        if (bad.Length == 0)
        {
            return;
        }
        var refusal = new RpcException(StatusCode.InvalidArgument, $"{path}[{bad[0]}] is too long.", "TEXT_TOO_LONG");
        refusal.With("field", $"{path}[{bad[0]}]").With("tokens", $"{FakeEncoder.Words(texts[bad[0]]).Length}").With("limit", $"{room} tokens").With("fix", "Cut it.");
        foreach (int i in bad)
        {
            refusal.Field($"{path}[{i}]", $"{FakeEncoder.Words(texts[i]).Length} tokens, {room} fit.");
        }
        throw refusal;
    }

    private static Wire.TextUse Use(string text, string[] read) => new()
    {
        TokensIn = (uint)FakeEncoder.Words(text).Length,
        TokensUsed = (uint)read.Length,
        Truncated = read.Length < FakeEncoder.Words(text).Length,
    };

    private Wire.Fingerprint Fingerprint() => new() { Space = encoder.ClaimedSpace ?? encoder.Space, Build = encoder.Build };

    private static Wire.Fingerprint ScoreFingerprint() => new() { Space = "s1-cccccccccccccccccccccccccccccccc", Build = "b1-dddddddddddddddddddddddddddddddd" };
}
