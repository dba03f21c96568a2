namespace SearchEngine.Collections.Tests.Sparse;

/// <summary>What the weights of a sample are like.</summary>
public enum WeightKind
{
    /// <summary>Positive, as learned encoders give them.</summary>
    Learned,

    /// <summary>Of both signs.</summary>
    Signed,

    /// <summary>Few whole numbers: very many equal scores.</summary>
    Tied,

    /// <summary>Of both signs and very different sizes, so that sums cancel out.</summary>
    Cancelling,
}
