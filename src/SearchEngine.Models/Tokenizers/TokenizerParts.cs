using SearchEngine.Models.Tokenizers.Normalizers;
using SearchEngine.Models.Tokenizers.PostProcessors;
using SearchEngine.Models.Tokenizers.PreTokenizers;
using SearchEngine.Models.Tokenizers.Vocabularies;

namespace SearchEngine.Models.Tokenizers;

/// <summary>The sections of a tokenizer file.</summary>
internal sealed record TokenizerParts(
    Normalizer? Normalizer,
    PreTokenizer? PreTokenizer,
    TokenModel Model,
    PostProcessor PostProcessor,
    AddedVocabulary Added,
    TruncationSettings? Truncation,
    PaddingSettings? Padding)
{
    private const string Version = "tokenizer 1";

    /// <summary>Truncation and padding are left out: the caller decides about both.</summary>
    public void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add(Version).Add("normalizer");
        Normalizer?.Describe(fingerprint);
        fingerprint.Add("pre-tokenizer");
        PreTokenizer?.Describe(fingerprint);
        fingerprint.Add("model");
        Model.Describe(fingerprint);
        fingerprint.Add("post-processor");
        PostProcessor.Describe(fingerprint);
        fingerprint.Add("added");
        Added.Describe(fingerprint);
    }
}
