namespace SearchEngine.Encoder.Inspection;

/// <summary>How an inspection ended; the numbers are exit codes.</summary>
public enum InspectionOutcome
{
    /// <summary>The model opens, and its golden texts, if it has any, agree.</summary>
    Sound = 0,

    /// <summary>The folder is refused.</summary>
    Refused = 1,

    /// <summary>The model opens, and its golden texts do not agree.</summary>
    SelfTestFailed = 2,

    /// <summary>ONNX Runtime's library is missing or does not serve: nothing is known of the model.</summary>
    NoRuntime = 3,
}
