using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// How a walk comes from a candidate to rows that are to be scored: at once, or by a step between for which something has to
/// be fetched first, and which therefore has a flow of its own. Implemented by structs, so that the walk is compiled for each.
/// </summary>
internal interface IExpansion
{
    /// <summary>Whether rows wait for the step between.</summary>
    bool HasWaiting { get; }

    /// <summary>Whether so many wait that what the first of them needs has arrived.</summary>
    bool IsDue { get; }

    /// <summary>Rows estimated so far.</summary>
    int Estimated { get; }

    /// <summary>Expands a candidate, whose link row has arrived.</summary>
    void Open(in LinkTable links, uint ordinal, FlowQueue queue);

    /// <summary>Takes the step for a few of the waiting rows.</summary>
    /// <param name="bound">A row of this score or less cannot matter.</param>
    /// <param name="queue">Receives rows that are to be scored; fewer than a walk's lead wait there.</param>
    void Advance(in LinkTable links, int bound, FlowQueue queue);
}
