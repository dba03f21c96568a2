using SearchEngine.Models.Tokenizers;
using SearchEngine.Training.Vocabulary;
using Xunit;

namespace SearchEngine.Training.Tests;

public sealed class VocabularyTests
{
    private static readonly string[] Texts = ["The wings, the Wing and winged things", "thing thing thing the the", "a über Über 機翼 機翼 機翼 lonely"];

    [Fact]
    public void Frequent_words_become_one_piece_and_every_word_of_the_corpus_has_pieces()
    {
        var tokenizer = VocabularyFile.Load(PieceTrainer.Train(WordCounts.Of(Texts), 200));
        Assert.Equal(["the"], Pieces(tokenizer, "THE"));
        Assert.Equal(["thing"], Pieces(tokenizer, "thing"));
        Assert.Equal(["uber"], Pieces(tokenizer, "Über"));
        Assert.DoesNotContain(WordPieceFile.Unknown, Texts.SelectMany(text => Pieces(tokenizer, text)));
        Assert.True(Pieces(tokenizer, "lonely").Length > 1, "A word met once has a piece of its own");
        Assert.Equal([WordPieceFile.Unknown], Pieces(tokenizer, "飛"));
    }

    [Fact]
    public void Words_are_counted_as_the_tokenizer_splits_them_and_in_an_order_of_their_own()
    {
        var counts = WordCounts.Of(Texts);
        Assert.Equal(("the", 4), (counts[0].Word, counts[0].Count));
        Assert.Contains((",", 1), counts.Select(word => (word.Word, (int)word.Count)));
        Assert.Contains(("機", 3), counts.Select(word => (word.Word, (int)word.Count)));
        Assert.Equal(counts, WordCounts.Of(Texts.Reverse()));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(60)]
    public void A_vocabulary_is_no_larger_than_asked_beyond_its_alphabet_and_holds_no_piece_twice(int size)
    {
        var pieces = PieceTrainer.Train(WordCounts.Of(Texts), size);
        var alphabet = pieces.Count(piece => piece.Replace(WordPieceFile.ContinuingPrefix, "", StringComparison.Ordinal).Length == 1);
        Assert.True(pieces.Count <= Math.Max(size, alphabet), $"{pieces.Count} pieces, {size} asked, {alphabet} of the alphabet");
        Assert.Equal(pieces.Count, pieces.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Marks_are_whole_tokens()
    {
        var tokenizer = VocabularyFile.Load(["wing"]);
        Assert.Equal([VocabularyFile.QueryMark, "wing"], Pieces(tokenizer, $"{VocabularyFile.QueryMark} wing"));
        Assert.Equal(VocabularyFile.QueryMarkId, tokenizer.IdOf(VocabularyFile.QueryMark));
    }

    private static string[] Pieces(Tokenizer tokenizer, string text)
    {
        var tokens = new TokenSequence();
        tokenizer.Tokenize(text, tokens);
        return [.. tokens.Ids.ToArray().Select(id => tokenizer.TokenOf(id)!)];
    }
}
