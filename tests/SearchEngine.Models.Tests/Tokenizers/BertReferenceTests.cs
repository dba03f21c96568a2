using SearchEngine.Models.Tests.Tokenizers.Reference;
using Xunit;

namespace SearchEngine.Models.Tests.Tokenizers;

public sealed class BertReferenceTests
{
    private const int Seed = 20261126;

    /// <summary>The promise of the project: at least so many texts, all ids and ranges equal.</summary>
    private const int Texts = 100_000;

    [Fact]
    public async Task BERT_tokens_of_texts_in_all_scripts_equal_the_reference()
    {
        ReferenceTokenizer.Require();
        await Comparison.RequireEqualAsync("bert-base-uncased", TestTokenizers.BertUncased(), new TextGenerator(Seed).Texts(Texts), Seed);
    }
}
