namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>The switches of a BPE model.</summary>
/// <param name="UnknownToken">Stands for characters outside the vocabulary; without one they vanish.</param>
/// <param name="ContinuingPrefix">Put before every character of a word but the first when it is looked up.</param>
/// <param name="EndSuffix">Put behind the last character of a word when it is looked up.</param>
/// <param name="FuseUnknown">Whether neighbouring unknown characters make one token.</param>
/// <param name="ByteFallback">Whether an unknown character becomes its bytes.</param>
/// <param name="IgnoreMerges">Whether a word that is a token is taken whole, whatever the merges say.</param>
internal sealed record BpeOptions(
    string? UnknownToken, string? ContinuingPrefix, string? EndSuffix, bool FuseUnknown, bool ByteFallback, bool IgnoreMerges);
