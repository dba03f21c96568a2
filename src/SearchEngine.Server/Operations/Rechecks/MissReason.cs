namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>Why a walk missed a hit.</summary>
internal enum MissReason
{
    /// <summary>No walk finds it.</summary>
    Graph = 0,

    /// <summary>The codes misjudged it, so that it was not scored from its stored vector.</summary>
    Quantization = 1,

    /// <summary>The walk ended before it came there.</summary>
    Breadth = 2,

    /// <summary>It is found where no filter hides the rows on the way.</summary>
    Filter = 3,
}
