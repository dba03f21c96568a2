using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Service.Streaming;
using SearchEngine.Encoder.Tests.Batching;
using SearchEngine.Models.Folder;
using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Encoder.Tests.Service;

/// <summary>What bounds one stream, without a stream.</summary>
public sealed class StreamWindowTests
{
    private const double LaneMillis = 500;

    private readonly ModelPace _pace = Waiting.Pace();

    [Theory]
    [InlineData(0.001, StreamWindow.Room)]
    [InlineData(30, 4)]
    [InlineData(125, 1)]
    [InlineData(100_000, 1)]
    public async Task A_stream_holds_a_quarter_of_its_lane_and_one_sequence_of_any_length(double millis, int most)
    {
        using var over = new CancellationTokenSource();
        var window = new StreamWindow(LaneMillis);
        for (var i = 0; i < most; i++)
        {
            var taking = window.TakeAsync(millis, over.Token);
            Assert.True(taking.IsCompletedSuccessfully, $"Sequence {i} of {millis} ms has no room.");
            window.Enter(Waiting.Text(_pace, 30), await taking);
        }
        var beyond = window.TakeAsync(millis, over.Token);
        Assert.False(beyond.IsCompleted, $"More than {most} sequences of {millis} ms have room.");
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => beyond);
    }

    [Fact]
    public async Task Room_comes_back_once_however_often_a_sequence_ends()
    {
        var window = new StreamWindow(LaneMillis);
        WaitingText[] texts = [.. Enumerable.Range(0, 3).Select(_ => Waiting.Text(_pace, 30))];
        foreach (var text in texts)
            window.Enter(text, await window.TakeAsync(30, TestContext.Current.CancellationToken));
        window.Leave(texts[0]);
        window.Leave(texts[0]);
        Assert.Equal(1, window.Abandon(text => text == texts[1]));
        window.Leave(texts[1]);
        Assert.Equal([false, true, false], texts.Select(t => t.IsAbandoned));
        Assert.Equal(1, window.Abandon(_ => true));
        Assert.Equal(StreamWindow.Room, window.Free);
    }

    [Theory]
    [InlineData(EncoderSide.Symmetric, Wire.Lane.Unspecified, 2)]
    [InlineData(EncoderSide.Symmetric, Wire.Lane.Interactive, 1)]
    [InlineData(EncoderSide.Symmetric, Wire.Lane.Bulk, 2)]
    [InlineData(EncoderSide.Document, Wire.Lane.Unspecified, 2)]
    [InlineData(EncoderSide.Document, Wire.Lane.Interactive, 1)]
    [InlineData(EncoderSide.Query, Wire.Lane.Unspecified, 0)]
    [InlineData(EncoderSide.Query, Wire.Lane.Bulk, 2)]
    public void Only_a_stream_that_says_it_is_of_queries_waits_among_them(EncoderSide side, Wire.Lane asked, int lane) =>
        Assert.Equal((LaneKind)lane, EncodePlan.StreamLane(side, asked));

    [Fact]
    public void Tokens_that_were_granted_may_be_sent()
    {
        // A client that counts 100 tokens where the ledger takes 10 off and gives 100 back, and then one that counts as the ledger does.
        var ledger = new CreditLedger();
        ledger.SpendTokens(10);
        ledger.Grant(0, 100);
        ledger.SpendTokens(CreditLedger.Tokens + 90);
        Assert.Equal("CREDITS", Assert.Throws<RpcException>(() => ledger.SpendTokens(1)).Reason);
    }

    [Fact]
    public void A_text_refused_for_its_tokens_tells_them_and_another_does_not()
    {
        Assert.Equal(700, TextFaults.TokensOf(TextFaults.TooLong("It is too long.", 700, 512, "text")));
        Assert.Equal(0, TextFaults.TokensOf(TextChecks.Fault("", 1, "text")!));
    }
}
