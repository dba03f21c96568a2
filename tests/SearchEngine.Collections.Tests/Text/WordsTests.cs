using SearchEngine.Collections.Text;
using Xunit;

namespace SearchEngine.Collections.Tests.Text;

public sealed class WordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t--!", "")]
    [InlineData("The quick, brown FOX.", "the|quick|brown|fox")]
    [InlineData("C3PO and R2-D2", "c3po|and|r2|d2")]
    [InlineData("Straße ÄÖÜ", "straße|äöü")]
    [InlineData("cafe\u0301 caf\u00e9", "café|café")]
    [InlineData("ﬁne ２０２６", "fine|2026")]
    [InlineData("don't", "don|t")]
    [InlineData("東京タワー", "東|京|タワー")]
    [InlineData("ひらがな", "ひ|ら|が|な")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("a\u0301\u0302b", "á\u0302b")]
    [InlineData("\u0301x", "x")]
    [InlineData("x\ud800y", "x|y")]
    [InlineData("𝐀𝐁 𐐀", "ab|𐐨")]
    public void Text_becomes_these_words(string text, string words) => Assert.Equal(words, string.Join('|', Words.Of(text)));

    // Texts that normalizing refuses; attributes cannot hold them, so they are made here.
    [Fact]
    public void Halves_of_pairs_and_characters_that_are_none_separate_words()
    {
        Assert.Equal(["x", "yé"], Words.Of("x" + (char)0xD800 + "ye\u0301"));
        Assert.Equal(["x", "é"], Words.Of("x" + (char)0xFFFE + "é"));
        Assert.Equal(["é"], Words.Of("é" + (char)0xDC00));
        Assert.Equal(["𐐨", "é"], Words.Of("𐐀" + (char)0xD801 + "é"));
    }

    [Fact]
    public void A_long_word_is_cut_alike_in_documents_and_queries()
    {
        string word = new string('x', Words.MaxLength + 10) + "y";
        Assert.Equal([new string('x', Words.MaxLength)], Words.Of(word));
        Assert.Equal(Words.Of(word), Words.Of(word + "z"));
    }
}
