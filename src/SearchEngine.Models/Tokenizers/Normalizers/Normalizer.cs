using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is split. Immutable; any thread.</summary>
internal abstract class Normalizer
{
    /// <summary>Appends the normalized form of source[start..end] to <paramref name="target"/>.</summary>
    /// <param name="source">Never the target itself.</param>
    /// <param name="start">First unit.</param>
    /// <param name="end">Unit behind the last.</param>
    /// <param name="target">Where to append, with alignments.</param>
    /// <param name="origin">Where the stretch begins in the caller's text: what a character put before it aligns with.</param>
    /// <param name="scratch">Buffers of this call.</param>
    public abstract void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch);

    /// <summary>Adds to the fingerprint everything that can change a result.</summary>
    public abstract void Describe(FingerprintWriter fingerprint);
}
