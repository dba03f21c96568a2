namespace SearchEngine.Evaluation.Diagnosing;

/// <summary>Whether a vector is what the encoder makes of its text.</summary>
public enum EncodingState
{
    /// <summary>Nobody could ask: no text, no encoder, or a vector from elsewhere.</summary>
    Unknown,

    /// <summary>It is.</summary>
    Right,

    /// <summary>It is what the encoder makes of the text on the other side.</summary>
    OtherSide,

    /// <summary>It is neither: another model, another text, or an encoder that drifted.</summary>
    Elsewhere,
}
