namespace SearchEngine.Vectors;

/// <summary>How closeness is measured. A greater score is closer, whichever it is.</summary>
public enum Metric
{
    /// <summary>Cosine of the angle; rows are normalised when taken in.</summary>
    Cosine,

    /// <summary>Inner product of rows of any length.</summary>
    Dot,

    /// <summary>Euclidean distance; the score is the squared distance below zero.</summary>
    L2,
}
