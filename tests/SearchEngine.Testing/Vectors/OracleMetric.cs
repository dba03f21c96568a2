namespace SearchEngine.Testing.Vectors;

/// <summary>
/// The oracle's own names, so that it shares no code with what it checks. A greater score is closer in all three.
/// </summary>
public enum OracleMetric
{
    InnerProduct,
    Cosine,

    /// <summary>Scored as the negative squared distance.</summary>
    Euclidean,
}
