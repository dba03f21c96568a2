using System.Text;
using SearchEngine.Models.Tests.Tokenizers.Reference;
using SearchEngine.Models.Tokenizers;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers;

public sealed class TruncationTests
{
    private const int Seed = 33;
    private const int Pairs = 500;
    private const int Limit = 24;

    private static readonly EncodeOptions Cut = new() { MaxTokens = Limit };

    [Theory]
    [InlineData("right", TruncationPolicy.Head)]
    [InlineData("left", TruncationPolicy.Tail)]
    public async Task Pairs_cut_at_the_document_equal_the_reference_that_cuts_the_second(string direction, TruncationPolicy policy)
    {
        ReferenceTokenizer.Require();
        var json = WordFiles.BertCased();
        var tokenizer = TestTokenizers.Load(json);
        var generator = new TextGenerator(Seed);
        // The reference fails on a query without room for a document; such queries have a test of their own.
        var pairs = Enumerable.Range(0, 4 * Pairs).Select(_ => (Query: generator.Text(), Document: generator.Text()))
            .Where(pair => tokenizer.CountTokens(pair.Query) < Limit - tokenizer.SpecialTokensOfPair).Take(Pairs).ToList();
        var expected = await ReferenceTokenizer.EncodePairsAsync(json, pairs, Limit, direction);
        var actual = new TokenSequence();
        var cut = 0;
        for (var index = 0; index < pairs.Count; index++)
        {
            tokenizer.EncodePair(pairs[index].Query, pairs[index].Document, Cut with { Truncation = policy }, actual);
            cut += actual.Truncation.IsCut ? 1 : 0;
            Assert.Equal(expected[index]!.Ids, actual.Ids.ToArray());
            Assert.Equal(expected[index]!.TypeIds, actual.TypeIds.ToArray().Select(value => (int)value));
            Assert.Equal(expected[index]!.SpecialMask, actual.SpecialMask.ToArray().Select(value => (int)value));
        }
        Assert.True(cut > Pairs / 10, $"Only {cut} of {Pairs} pairs were cut (seed {Seed}): the test proves little");
    }

    [Fact]
    public void A_text_over_the_limit_is_refused_with_its_length_unless_a_policy_says_otherwise()
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var fault = Assert.Throws<TextTooLongException>(
            () => tokenizer.Encode("a b c d e", new EncodeOptions { MaxTokens = 6 }, new TokenSequence()));
        Assert.Equal((7, 6), (fault.Tokens, fault.Limit));
    }

    [Theory]
    [InlineData(TruncationPolicy.Head, "a b c", "")]
    [InlineData(TruncationPolicy.Tail, "", "é f g")]
    [InlineData(TruncationPolicy.HeadTail, "a b", "g")]
    public void The_report_names_the_stretches_that_were_kept(TruncationPolicy policy, string head, string tail)
    {
        const string Text = "a b c d é f g";
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var tokens = new TokenSequence();
        tokenizer.Encode(Text, new EncodeOptions { MaxTokens = 5, Truncation = policy }, tokens);
        var report = tokens.Truncation;
        Assert.Equal((9, 5, true), (report.OriginalTokens, report.KeptTokens, report.IsCut));
        Assert.Equal((head, tail), (Slice(Text, report.Head), Slice(Text, report.Tail)));
    }

    [Fact]
    public void A_text_within_the_limit_is_reported_whole()
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var tokens = new TokenSequence();
        tokenizer.Encode(" a é ", new EncodeOptions { MaxTokens = 4, Truncation = TruncationPolicy.HeadTail }, tokens);
        Assert.Equal(new TruncationReport(4, 4, new ByteSpan(0, 6), default), tokens.Truncation);
        Assert.False(tokens.Truncation.IsCut);
    }

    [Theory]
    [InlineData(TruncationPolicy.Error)]
    [InlineData(TruncationPolicy.Head)]
    [InlineData(TruncationPolicy.Tail)]
    [InlineData(TruncationPolicy.HeadTail)]
    public void A_query_is_never_cut_but_refused_when_it_leaves_no_room(TruncationPolicy policy)
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var tokens = new TokenSequence();
        var options = new EncodeOptions { MaxTokens = 8, Truncation = policy };
        Assert.Throws<TextTooLongException>(() => tokenizer.EncodePair("a b c d e", "f", options, tokens));
        tokenizer.EncodePair("a b c d", "f", options, tokens);
        Assert.Equal(8, tokens.Count);
    }

    [Fact]
    public void A_limit_below_the_special_tokens_is_the_callers_mistake()
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        Assert.Throws<ArgumentOutOfRangeException>(
            () => tokenizer.Encode("a", new EncodeOptions { MaxTokens = 2 }, new TokenSequence()));
    }

    [Fact]
    public void Assembled_tokens_equal_encoded_ones_and_special_tokens_can_be_left_out()
    {
        var tokenizer = TestTokenizers.Load(WordFiles.BertCased());
        var (query, document) = (new TokenSequence(), new TokenSequence());
        tokenizer.Tokenize("ba ke", query);
        tokenizer.Tokenize("li mo nu"u8, document);
        var (assembled, encoded, plain) = (new TokenSequence(), new TokenSequence(), new TokenSequence());
        tokenizer.AssemblePair(query, document, new EncodeOptions(), assembled);
        tokenizer.EncodePair("ba ke", "li mo nu", new EncodeOptions(), encoded);
        Assert.Equal(encoded.Ids.ToArray(), assembled.Ids.ToArray());
        tokenizer.EncodePair("ba ke", "li mo nu", new EncodeOptions { SpecialTokens = SpecialTokenMode.Omit }, plain);
        Assert.Equal([.. query.Ids, .. document.Ids], plain.Ids.ToArray());
    }

    private static string Slice(string text, ByteSpan span) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text).AsSpan(span.Start, span.Length));
}
