using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>Cuts pieces of text into smaller ones, the words that the model sees. Immutable; any thread.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Replaces the pieces of the scratch, and its text where this step rewrites it. Added tokens stay.</summary>
    public abstract void Split(EncodeScratch scratch);

    /// <summary>Adds to the fingerprint everything that can change a result.</summary>
    public abstract void Describe(FingerprintWriter fingerprint);
}
