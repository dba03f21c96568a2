using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using Xunit;

namespace SearchEngine.Encoder.Tests.Service;

public sealed class StreamTests(AllHeadsEncoder encoder) : IClassFixture<AllHeadsEncoder>
{
    private const int Seed = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_texts_come_back_once_each_within_the_credits_with_the_vectors_they_have_alone()
    {
        const int Texts = 10_000;
        var random = new Random(Seed);
        var texts = Enumerable.Range(0, Texts).Select(_ => string.Join(' ', Enumerable.Repeat("cat", 1 + random.Next(50)))).ToArray();
        var items = new Dictionary<ulong, Wire.SequencedItem>();
        await using var call = await OpenAsync(Header());
        var credits = (await call.ReadAsync())!.Started.Credits;
        var sending = new Sender(call, credits, texts);
        await sending.SendAsync();
        var summary = await ReadAsync(call, items, sending);
        Assert.Equal(Texts, items.Count);
        Assert.Equal((ulong)Texts, summary.Encoded);
        Assert.True(summary.Batch.Batches > 0 && summary.Batch.PaddingShare < 0.5);
        foreach (var sequence in new[] { 0, 1, 4_711, Texts - 1 })
        {
            Vectors.Close(
                Reference.Dense($"passage: {texts[sequence]}"), Vectors.Floats(items[(ulong)sequence].Item.Dense), $"text {sequence} of seed {Seed}");
        }
    }

    [Fact]
    public async Task A_text_that_fails_does_not_end_the_stream()
    {
        await using var call = await OpenAsync(Header());
        await call.ReadAsync();
        string[] texts = ["a cat", "", "bad\u0001", string.Join(' ', Enumerable.Repeat("cat", 100)), "a dog"];
        await call.WriteAsync(new Wire.EncodeStreamRequest { Items = new Wire.EncodeStreamItems { FirstSequence = ulong.MaxValue - 1, Texts = { texts } } });
        call.CompleteRequests();
        var items = new Dictionary<ulong, Wire.SequencedItem>();
        var summary = await ReadAsync(call, items, null);
        Assert.Equal((2ul, 3ul), (summary.Encoded, summary.Failed));
        // The client's numbers go round.
        Wire.ErrorReason[] reasons = [0, Wire.ErrorReason.TextEmpty, Wire.ErrorReason.TextEncoding, Wire.ErrorReason.TextTooLong, 0];
        for (var i = 0; i < texts.Length; i++)
        {
            var item = items[unchecked(ulong.MaxValue - 1 + (ulong)i)];
            Assert.Equal(reasons[i], item.Error?.Reason ?? 0);
            Assert.Equal(reasons[i] == 0 ? "" : "text", item.Error?.Field ?? "");
        }
    }

    [Fact]
    public async Task Cuts_and_chunks_are_told_per_item()
    {
        var header = Header();
        header.Options.Truncation = Wire.Truncation.Chunk;
        header.Options.Chunking = new Wire.ChunkOptions { MaxTokens = 20, OverlapTokens = 0 };
        await using var call = await OpenAsync(header);
        await call.ReadAsync();
        var text = string.Join(' ', Enumerable.Repeat("the cat sits on the house .", 2_000));
        await call.WriteAsync(new Wire.EncodeStreamRequest { Items = new Wire.EncodeStreamItems { Texts = { text } } });
        call.CompleteRequests();
        var items = new Dictionary<ulong, Wire.SequencedItem>();
        await ReadAsync(call, items, null);
        var chunks = items[0].Item.Chunks;
        Assert.True(chunks.Count > 500, $"{chunks.Count} chunks: a text with more sequences than the window has to pass it.");
        Assert.Equal((uint)text.Length, chunks[^1].Span.End);
        Assert.All(chunks.Zip(chunks.Skip(1)), pair => Assert.Equal(pair.First.Span.End, pair.Second.Span.Start));
    }

    [Fact]
    public async Task More_than_the_credits_ends_the_stream()
    {
        await using var call = await OpenAsync(Header());
        var credits = (await call.ReadAsync())!.Started.Credits;
        var texts = Enumerable.Repeat("a cat sits on the house", (int)credits.Items + 1);
        await call.WriteAsync(new Wire.EncodeStreamRequest { Items = new Wire.EncodeStreamItems { Texts = { texts } } });
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ReadAsync() is not null)
            {
            }
        });
        Assert.Equal("CREDITS", refused.Reason);
        Assert.Equal(StatusCode.ResourceExhausted, refused.Code);
    }

    [Fact]
    public async Task Frames_out_of_order_and_bad_options_end_the_stream()
    {
        await using (var call = await (await encoder.ApiAsync()).StreamAsync(Cancel))
        {
            await call.WriteAsync(new Wire.EncodeStreamRequest { Items = new Wire.EncodeStreamItems { Texts = { "a" } } });
            await RunningEncoder.RefusedAsync(async () => await call.ReadAsync(), Wire.ErrorReason.FrameOrder, "header");
        }
        await using (var call = await OpenAsync(Header()))
        {
            await call.ReadAsync();
            await call.WriteAsync(new Wire.EncodeStreamRequest { Header = Header() });
            await RunningEncoder.RefusedAsync(async () => await call.ReadAsync(), Wire.ErrorReason.FrameOrder, "header");
        }
        var sideless = Header();
        sideless.Options.Side = 0;
        await using (var call = await OpenAsync(sideless))
            await RunningEncoder.RefusedAsync(async () => await call.ReadAsync(), Wire.ErrorReason.InputTypeRequired, "header.options.side");
    }

    [Fact]
    public async Task A_client_that_goes_leaves_nothing_in_the_queue()
    {
        var api = await encoder.ApiAsync();
        using (var gone = new CancellationTokenSource())
        {
            await using var call = await api.StreamAsync(gone.Token);
            await call.WriteAsync(new Wire.EncodeStreamRequest { Header = Header() });
            await call.ReadAsync();
            await call.WriteAsync(new Wire.EncodeStreamRequest
            {
                Items = new Wire.EncodeStreamItems { Texts = { Enumerable.Repeat(string.Join(' ', Enumerable.Repeat("cat", 50)), 1_000) } },
            });
            await gone.CancelAsync();
        }
        // What waits of the stream has left: a query behind it is answered.
        Assert.Single((await api.EncodeAsync(new Wire.EncodeOptions { Side = Wire.Side.Query }, "a cat")).Items);
    }

    private static Wire.EncodeStreamHeader Header() => new() { Options = new Wire.EncodeOptions { Side = Wire.Side.Document } };

    private async Task<DuplexCall<Wire.EncodeStreamRequest, Wire.EncodeStreamReply>> OpenAsync(Wire.EncodeStreamHeader header)
    {
        var call = await (await encoder.ApiAsync()).StreamAsync(Cancel);
        await call.WriteAsync(new Wire.EncodeStreamRequest { Header = header });
        return call;
    }

    private static async Task<Wire.EncodeSummary> ReadAsync(
        DuplexCall<Wire.EncodeStreamRequest, Wire.EncodeStreamReply> call, Dictionary<ulong, Wire.SequencedItem> items, Sender? sender)
    {
        while (await call.ReadAsync() is { } reply)
        {
            foreach (var item in reply.Items?.Items ?? [])
                Assert.True(items.TryAdd(item.Sequence, item), $"Text {item.Sequence} was answered twice.");
            if (reply.Credits is { } credits && sender is not null)
                await sender.GrantAsync(credits);
            if (reply.Summary is { } summary)
                return summary;
        }
        throw new InvalidOperationException("The stream ended without a summary.");
    }

    /// <summary>A client that does not tokenize: a token per 3 bytes.</summary>
    private sealed class Sender(DuplexCall<Wire.EncodeStreamRequest, Wire.EncodeStreamReply> call, Wire.EncodeCredits credits, string[] texts)
    {
        private const int FrameTexts = 100;

        private long _items = credits.Items;
        private long _tokens = credits.Tokens;
        private int _sent;
        private bool _completed;

        public Task GrantAsync(Wire.EncodeCredits more)
        {
            (_items, _tokens) = (_items + more.Items, _tokens + more.Tokens);
            return SendAsync();
        }

        public async Task SendAsync()
        {
            while (_sent < texts.Length)
            {
                var frame = new Wire.EncodeStreamItems { FirstSequence = (ulong)_sent };
                for (; _sent < texts.Length && frame.Texts.Count < FrameTexts && _items > 0 && Guess(texts[_sent]) <= _tokens; _sent++)
                {
                    _items--;
                    _tokens -= Guess(texts[_sent]);
                    frame.Texts.Add(texts[_sent]);
                }
                if (frame.Texts.Count == 0)
                    return;
                await call.WriteAsync(new Wire.EncodeStreamRequest { Items = frame });
            }
            if (!_completed)
                call.CompleteRequests();
            _completed = true;
        }

        private static int Guess(string text) => (text.Length + 2) / 3;
    }
}
