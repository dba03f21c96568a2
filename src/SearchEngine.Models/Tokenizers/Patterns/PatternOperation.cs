namespace SearchEngine.Models.Tokenizers.Patterns;

internal enum PatternOperation
{
    /// <summary>One character of the set.</summary>
    Set,

    /// <summary>A to B characters of the set, as many as there are, given back one by one.</summary>
    GreedyLoop,

    /// <summary>A to B characters of the set, as many as there are, never given back.</summary>
    PossessiveLoop,

    /// <summary>Go on at A; if that fails, at B.</summary>
    Split,

    Jump,

    /// <summary>Look around (kind B) with the program that follows; go on at A..</summary>
    Look,

    /// <summary>Match the program that follows without giving back; go on at A.</summary>
    Atomic,

    /// <summary>Step back A characters or fail.</summary>
    StepBack,

    /// <summary>Holds if the place is of kind A.</summary>
    Anchor,

    Accept,
}
