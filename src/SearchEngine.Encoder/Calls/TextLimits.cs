namespace SearchEngine.Encoder.Calls;

/// <summary>Sizes that the contract sets for texts and calls.</summary>
internal static class TextLimits
{
    public const int QueryBytes = 32_768;
    public const int DocumentBytes = 1_048_576;

    /// <summary>Texts, pairs or token sequences of a unary call.</summary>
    public const int Items = 1_000;

    /// <summary>Texts of a call, together.</summary>
    public const int CallBytes = 4 << 20;

    /// <summary>Pairs of a call, together.</summary>
    public const int PairBytes = 16 << 20;

    public const int TaskBytes = 64;

    /// <summary>The largest message of a unary call, framing included.</summary>
    public const int RequestBytes = 16 << 20;

    public const int FrameBytes = 4 << 20;
}
