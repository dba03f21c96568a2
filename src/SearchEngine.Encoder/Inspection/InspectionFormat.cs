namespace SearchEngine.Encoder.Inspection;

/// <summary>How an inspection is written.</summary>
public enum InspectionFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    Json,
}
