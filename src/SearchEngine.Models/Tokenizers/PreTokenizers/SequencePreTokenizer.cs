using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>Pre-tokenizers one after the other.</summary>
internal sealed class SequencePreTokenizer(PreTokenizer[] steps) : PreTokenizer
{
    public override void Split(EncodeScratch scratch)
    {
        foreach (var step in steps)
        {
            step.Split(scratch);
        }
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        foreach (var step in steps)
        {
            step.Describe(fingerprint);
        }
    }
}
