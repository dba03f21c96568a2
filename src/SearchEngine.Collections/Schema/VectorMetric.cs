namespace SearchEngine.Collections.Schema;

/// <summary>How closeness of two vectors is measured. A greater score is closer, whichever it is. The names are stored with the
/// schema.</summary>
public enum VectorMetric
{
    /// <summary>Cosine of the angle.</summary>
    Cosine,

    /// <summary>Inner product of vectors of any length.</summary>
    Dot,

    /// <summary>Euclidean distance; the score is the squared distance below zero.</summary>
    Euclidean,
}
