namespace SearchEngine.Models.Tokenizers;

/// <summary>What happens to a text with too many tokens. To get all of it, in parts, use the chunker.</summary>
public enum TruncationPolicy
{
    /// <summary>It is refused with <see cref="TextTooLongException"/>.</summary>
    Error,

    /// <summary>The first tokens are kept.</summary>
    Head,

    /// <summary>The last tokens are kept.</summary>
    Tail,

    /// <summary>The first half (one more when odd) and the last half are kept.</summary>
    HeadTail,
}
