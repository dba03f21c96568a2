using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>The goal of a walk in which every row is a hit.</summary>
internal readonly struct EveryRow : IWalkGoal
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Offer(Frontier frontier, int score, uint ordinal) => frontier.Offer(score, ordinal);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsEnough(Frontier frontier) => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetThreshold(Frontier frontier, in StopRule stop, out int threshold, out int kept)
    {
        bool isKnown = frontier.TryGetLastHit(out int lastHit);
        threshold = kept = isKnown ? stop.Threshold(lastHit) : int.MinValue;
        return isKnown;
    }

    public void Finish(Frontier frontier) => frontier.Finish();
}
