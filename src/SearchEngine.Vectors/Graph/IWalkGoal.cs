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

    /// <summary>The score below which nothing is explored because of the last wanted hit; false while there are fewer.</summary>
    bool TryGetThreshold(Frontier frontier, in StopRule stop, out int threshold);

    /// <summary>Takes out of a finished frontier what is no hit.</summary>
    void Finish(Frontier frontier);
}
