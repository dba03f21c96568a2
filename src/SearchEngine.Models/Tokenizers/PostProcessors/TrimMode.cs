namespace SearchEngine.Models.Tokenizers.PostProcessors;

/// <summary>What happens to the spaces that byte-level tokens carry, in the tokens' ranges.</summary>
internal enum TrimMode
{
    /// <summary>The range includes them.</summary>
    Keep,

    /// <summary>They are taken out.</summary>
    Trim,

    /// <summary>They are taken out, but for the single one before the first token, which was never in the text.</summary>
    TrimButPrefix,
}
