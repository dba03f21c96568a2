using SearchEngine.Models.Chunking;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

public sealed class PrepareTests
{
    private const string Long =
        "red green blue cat dog house tree the of on sits runs fast slow night day red green blue cat dog house tree the of on sits "
        + "runs fast slow night day red green blue cat dog house tree the of on sits runs fast slow night day red green blue cat dog "
        + "house tree the of on sits runs fast slow night day.";

    [Fact]
    public void A_text_has_its_template_around_it_and_ranges_of_its_own()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        var tokens = new TokenSequence();
        model.Prepare("red cat", EncoderSide.Query, "", TruncationPolicy.Error, tokens);
        Assert.Equal(["[CLS]", "query", ":", "red", "cat", "[SEP]"], tokens.Ids.ToArray().Select(model.Tokenizer.TokenOf));
        Assert.Equal([0, 0, 0, 0, 4, 0], tokens.Starts.ToArray());
        Assert.Equal([0, 0, 0, 3, 7, 0], tokens.Ends.ToArray());
        Assert.Equal(7, tokens.TextLength);
        model.Prepare("red cat", EncoderSide.Document, "cluster", TruncationPolicy.Error, tokens);
        Assert.Equal(["[CLS]", "the", "red", "cat", "of", "[SEP]"], tokens.Ids.ToArray().Select(model.Tokenizer.TokenOf));
        Assert.Throws<ArgumentException>(() => model.Prepare("x", EncoderSide.Query, "unknown", TruncationPolicy.Error, tokens));
    }

    [Theory]
    [InlineData(TruncationPolicy.Head)]
    [InlineData(TruncationPolicy.Tail)]
    [InlineData(TruncationPolicy.HeadTail)]
    public void Cutting_spares_the_template_and_reports_what_was_kept(TruncationPolicy policy)
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        foreach (var task in new[] { "", "cluster" })
        {
            var tokens = new TokenSequence();
            model.Prepare(Long, EncoderSide.Query, task, policy, tokens);
            Assert.Equal(TestFolder.Positions, tokens.Count);
            string?[] words = [.. tokens.Ids.ToArray().Select(model.Tokenizer.TokenOf)];
            Assert.Equal(task.Length == 0 ? "query" : "the", words[1]);
            Assert.Equal(task.Length == 0 ? words[^2] : "of", words[^2]);
            Assert.True(tokens.Truncation.IsCut);
            Assert.Equal(tokens.Count, tokens.Truncation.KeptTokens);
            var (head, tail) = (tokens.Truncation.Head, tokens.Truncation.Tail);
            Assert.Equal(policy == TruncationPolicy.Tail ? 0 : 3, head.End == 0 ? 0 : Long[head.Start..head.End].IndexOf(' ', StringComparison.Ordinal));
            Assert.Equal(policy == TruncationPolicy.Head ? 0 : Long.Length, tail.End);
        }
    }

    [Fact]
    public void A_text_of_exactly_the_longest_input_passes_and_one_more_token_is_refused()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        var tokens = new TokenSequence();
        var fits = string.Join(' ', Enumerable.Repeat("cat", TestFolder.Positions - 4));
        model.Prepare(fits, EncoderSide.Query, "", TruncationPolicy.Error, tokens);
        Assert.Equal(TestFolder.Positions, tokens.Count);
        Assert.False(tokens.Truncation.IsCut);
        var fault = Assert.Throws<TextTooLongException>(
            () => model.Prepare(fits + " cat", EncoderSide.Query, "", TruncationPolicy.Error, tokens));
        Assert.Equal((TestFolder.Positions + 1, TestFolder.Positions), (fault.Tokens, fault.Limit));
    }

    [Fact]
    public void A_lone_surrogate_is_placed_in_the_text_and_not_in_its_template()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        var fault = Assert.Throws<TextEncodingException>(
            () => model.Prepare("ab\ud800", EncoderSide.Query, "", TruncationPolicy.Error, new TokenSequence()));
        Assert.Equal(2, fault.Position);
    }

    [Fact]
    public void Chunks_cover_the_text_fit_the_model_and_have_the_template()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        var chunks = model.PrepareChunks(
            Long, EncoderSide.Query, "", ChunkOptions.Default with { MaxTokens = 20, OverlapTokens = 3 });
        Assert.True(chunks.Count > 3);
        Assert.Equal(0, chunks[0].Span.Start);
        Assert.Equal(Long.Length, chunks[^1].Span.End);
        Assert.All(chunks, chunk => Assert.InRange(chunk.Tokens.Count, 1, 20));
        Assert.All(chunks, chunk => Assert.Equal("query", model.Tokenizer.TokenOf(chunk.Tokens.Ids[1])));
        Assert.True(model.PrepareChunks(Long, EncoderSide.Document, "").Count > 1);
    }
}
