using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// What a walk looks for. Implemented by structs, so that the walk is compiled for each of them and a goal without conditions
/// costs nothing.
/// </summary>
internal interface IWalkGoal
{
    /// <summary>Takes a scored row into the frontier. Returns whether it is among the next to be expanded.</summary>
    bool Offer(Frontier frontier, int score, uint ordinal);

    /// <summary>Whether so much was found that the best unexpanded candidate need not be expanded.</summary>
    bool IsEnough(Frontier frontier);

    /// <summary>Where the last wanted hit ends the walk; false while there are fewer.</summary>
    /// <param name="threshold">The score below which nothing is explored.</param>
    /// <param name="kept">The score below which nothing is kept; not above the threshold.</param>
    bool TryGetThreshold(Frontier frontier, in StopRule stop, out int threshold, out int kept);

    /// <summary>Ends the walk: the frontier then holds hits only.</summary>
    void Finish(Frontier frontier);
}
