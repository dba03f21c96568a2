namespace SearchEngine.Server.Encoders;

/// <summary>Limits of what is sent to encoders and believed of them.</summary>
internal static class EncoderLimits
{
    /// <summary>One query text, as common.proto's Limits has it.</summary>
    public const int MaxQueryBytes = 32_768;

    /// <summary>One document text.</summary>
    public const int MaxDocumentBytes = 1_048_576;

    public const int MaxTaskBytes = 64;

    public const int MaxModelBytes = 128;

    /// <summary>Texts of one Encode call: enough for full batches, few enough that several calls share the encoder fairly.</summary>
    public const int BatchTexts = 64;

    /// <summary>Bytes of one Encode call; a longer text goes alone.</summary>
    public const int BatchBytes = 1 << 20;

    /// <summary>Encode calls of one write under way at a time.</summary>
    public const int BatchesInFlight = 2;

    public const int MaxModels = 256;
    public const int MaxReplyBytes = 64 << 20;
    public const int MaxRequestBytes = 20 << 20;
}
