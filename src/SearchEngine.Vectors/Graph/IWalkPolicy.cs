namespace SearchEngine.Vectors.Graph;

/// <summary>
/// What a walk asks about its candidates. Implemented by structs, so that the walk is compiled for each of them and a policy
/// without conditions costs nothing.
/// </summary>
internal interface IWalkPolicy
{
    /// <summary>Asked before every expansion. Once false, the walk scores what waits and ends.</summary>
    bool MayExpand(CandidatePool pool, int scored, int hops);

    /// <summary>A candidate was put into the pool.</summary>
    /// <param name="pool">Holds it; the policy may shorten the pool.</param>
    /// <param name="position">Where it is.</param>
    /// <param name="ordinal">The candidate's.</param>
    /// <param name="bound">Candidates of this score or less have not been offered.</param>
    /// <returns>The bound from now on, not less than before.</returns>
    int Kept(CandidatePool pool, int position, uint ordinal, int bound);

    /// <summary>The score below which nothing is explored because of the last wanted hit; false while there are fewer.</summary>
    bool TryGetThreshold(CandidatePool pool, in StopRule stop, out int threshold);
}
