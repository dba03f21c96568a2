using SearchEngine.Models.Testing;
using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Encoder.Tests.Service;

/// <summary>The errors of the contract that an encoder can answer, each with its field, its fix and its facts.</summary>
public sealed class ErrorTests(AllHeadsEncoder encoder) : IClassFixture<AllHeadsEncoder>
{
    public static TheoryData<string, Wire.ErrorReason, string> Cases() => new()
    {
        { "no side", Wire.ErrorReason.InputTypeRequired, "options.side" },
        { "symmetric side", Wire.ErrorReason.InputTypeRequired, "options.side" },
        { "no such side", Wire.ErrorReason.FieldInvalid, "options.side" },
        { "model", Wire.ErrorReason.ModelUnknown, "options.model" },
        { "task", Wire.ErrorReason.FieldInvalid, "options.task" },
        { "dimension", Wire.ErrorReason.DimensionNotAllowed, "options.dimension" },
        { "dimension beyond int", Wire.ErrorReason.DimensionNotAllowed, "options.dimension" },
        { "element type", Wire.ErrorReason.FieldInvalid, "options.element_type" },
        { "output twice", Wire.ErrorReason.FieldInvalid, "options.outputs" },
        { "chunks not asked for", Wire.ErrorReason.FieldInvalid, "options.chunking" },
        { "chunk too long", Wire.ErrorReason.FieldInvalid, "options.chunking.max_tokens" },
        { "overlap", Wire.ErrorReason.FieldInvalid, "options.chunking.overlap_tokens" },
        { "no text", Wire.ErrorReason.FieldRequired, "texts" },
        { "empty text", Wire.ErrorReason.TextEmpty, "texts[0]" },
        { "control character", Wire.ErrorReason.TextEncoding, "texts[0]" },
        { "long query", Wire.ErrorReason.LimitExceeded, "texts[0]" },
        { "too many tokens", Wire.ErrorReason.TextTooLong, "texts[0]" },
        { "too many texts", Wire.ErrorReason.LimitExceeded, "texts" },
        { "too many bytes", Wire.ErrorReason.LimitExceeded, "texts" },
        { "texts and tokens", Wire.ErrorReason.FieldInvalid, "tokens" },
        { "empty tokens", Wire.ErrorReason.TextEmpty, "tokens[0].ids" },
        { "foreign token", Wire.ErrorReason.FieldInvalid, "tokens[0].ids" },
        { "many tokens", Wire.ErrorReason.TextTooLong, "tokens[0].ids" },
        { "collection", Wire.ErrorReason.FieldInvalid, "header.collection" },
        { "request id", Wire.ErrorReason.LimitExceeded, "header.request_id" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_request_that_cannot_be_served_is_refused_with_reason_field_and_fix(string what, Wire.ErrorReason reason, string field)
    {
        var api = await encoder.ApiAsync();
        await RunningEncoder.RefusedAsync(() => api.EncodeAsync(Request(what)), reason, field);
    }

    [Fact]
    public async Task Every_bad_text_of_a_call_is_named()
    {
        var api = await encoder.ApiAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(() => api.EncodeAsync(Queries(), "good", "", "bad\u0001", "fine", ""));
        Assert.Equal(["texts[1]", "texts[2]", "texts[4]"], refused.FieldViolations.Select(v => v.Field));
    }

    [Fact]
    public async Task The_facts_say_what_is_possible()
    {
        var api = await encoder.ApiAsync();
        var unknown = await Assert.ThrowsAsync<RpcException>(() => api.EncodeAsync(Request("model")));
        Assert.Equal("all heads", unknown.Facts["models"]);
        var dimension = await Assert.ThrowsAsync<RpcException>(() => api.EncodeAsync(Request("dimension")));
        Assert.Equal("8, 16, 32", dimension.Facts["allowed"]);
        var tokens = await Assert.ThrowsAsync<RpcException>(() => api.EncodeAsync(Request("too many tokens")));
        Assert.Equal($"{TestFolder.Positions} tokens", tokens.Facts["limit"]);
        var control = await Assert.ThrowsAsync<RpcException>(() => api.EncodeAsync(Request("control character")));
        Assert.Equal("3", control.Facts["offset"]);
    }

    [Fact]
    public async Task White_space_that_texts_have_is_no_control_character()
    {
        var reply = await (await encoder.ApiAsync()).EncodeAsync(Queries(), "a\tcat\r\nsits\non a \fhouse\v");
        Vectors.Close(Reference.Dense("query: a cat sits on a house"), Vectors.Floats(reply.Items[0].Dense), "white space");
    }

    [Fact]
    public async Task A_reply_larger_than_the_caller_takes_is_refused_and_names_the_stream()
    {
        var request = new Wire.EncodeRequest { Header = new Wire.RequestHeader { MaxReplyBytes = 200 }, Options = Queries() };
        request.Texts.Add(["a", "b"]);
        var api = await encoder.ApiAsync();
        var refused = await RunningEncoder.RefusedAsync(() => api.EncodeAsync(request), Wire.ErrorReason.MessageTooLarge, "header.max_reply_bytes");
        Assert.EndsWith("EncodeStream", refused.Facts["stream"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_that_cannot_be_met_is_refused_before_work()
    {
        var request = new Wire.EncodeRequest { Options = Queries(), Header = new Wire.RequestHeader { RequestId = "late" } };
        request.Texts.Add(Enumerable.Repeat("a cat sits on the house of the dog", 1_000));
        var api = await encoder.ApiAsync();
        var began = (await api.EncodeAsync(Queries(), "a")).Header.Cost.Tokens;
        Assert.True(began > 0);
        var refused = await Assert.ThrowsAsync<RpcException>(() => api.EncodeAsync(request, TimeSpan.FromMilliseconds(3)));
        Assert.True(
            refused.Reason is "PREDICTED_LATE" || refused.Code == StatusCode.DeadlineExceeded, $"The encoder answered {refused.Code} {refused.Reason}.");
    }

    private static Wire.EncodeOptions Queries() => new() { Side = Wire.Side.Query };

    private static Wire.EncodeRequest Request(string what)
    {
        var request = new Wire.EncodeRequest { Header = new Wire.RequestHeader(), Options = Queries() };
        var options = request.Options;
        switch (what)
        {
            case "no side": options.Side = 0; break;
            case "symmetric side": options.Side = Wire.Side.Symmetric; break;
            case "no such side": options.Side = (Wire.Side)9; break;
            case "model": options.Model = "other"; break;
            case "task": options.Task = "other"; break;
            case "dimension": options.Dimension = 9; break;
            case "dimension beyond int": options.Dimension = uint.MaxValue; break;
            case "element type": options.ElementType = (Wire.ElementType)99; break;
            case "output twice": options.Outputs.Add([Wire.OutputKind.Dense, Wire.OutputKind.Unspecified]); break;
            case "chunks not asked for": options.Chunking = new Wire.ChunkOptions(); break;
            case "chunk too long": Chunk(options, TestFolder.Positions + 1, 0); break;
            case "overlap": Chunk(options, 20, 10); break;
            case "collection": request.Header.Collection = "docs"; break;
            case "request id": request.Header.RequestId = new string('x', 129); break;
            default: break;
        }
        request.Texts.Add(Texts(what));
        if (Ids(what) is { } ids)
            request.Tokens.Add(new Wire.TokenSequence { Ids = { ids } });
        return request;
    }

    private static IEnumerable<string> Texts(string what) => what switch
    {
        "no text" or "empty tokens" or "foreign token" or "many tokens" => [],
        "empty text" => [""],
        "control character" => ["a \u00e9"[..2] + "b\u0007"],
        "long query" => [new string('a', 32_769)],
        "too many tokens" => [string.Join(' ', Enumerable.Repeat("cat", 100))],
        "too many texts" => Enumerable.Repeat("a", 1_001),
        "too many bytes" => Enumerable.Repeat(new string('a', 32_000), 140),
        _ => ["a cat"],
    };

    private static uint[]? Ids(string what) => what switch
    {
        "texts and tokens" => [1],
        "empty tokens" => [],
        "foreign token" => [1, uint.MaxValue],
        "many tokens" => [.. Enumerable.Repeat(1u, TestFolder.Positions + 1)],
        _ => null,
    };

    private static void Chunk(Wire.EncodeOptions options, int tokens, int overlap)
    {
        options.Truncation = Wire.Truncation.Chunk;
        options.Chunking = new Wire.ChunkOptions { MaxTokens = (uint)tokens, OverlapTokens = (uint)overlap };
    }
}
