namespace SearchEngine.Models.Inference;

/// <summary>How much a text's batch may change its vector.</summary>
public enum BatchDeterminism
{
    /// <summary>In the last bits.</summary>
    Fast,

    /// <summary>
    /// Not at all, on one build, machine and thread count: each text runs in a tensor whose shape follows from it alone.
    /// </summary>
    BitExact,
}
