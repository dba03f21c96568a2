using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Every unvisited neighbour is scored.</summary>
internal readonly struct LinkExpansion(VisitedSet visited) : IExpansion
{
    public bool HasWaiting => false;

    public bool IsDue => false;

    public int Estimated => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Open(in LinkTable links, uint ordinal, FlowQueue queue) => queue.AppendUnvisited(links, ordinal, visited);

    public void Advance(in LinkTable links, int bound, FlowQueue queue)
    {
    }
}
