using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Four ordinals as the kernels read them. An opaque address instead of a span: a span passed by value is spilled as two
/// words and reloaded as one, which cannot be forwarded and waits for every store before it, the visited marks
/// included; that wait was 28 % of a search (2026-11-21).
/// </summary>
internal readonly unsafe struct RowGroup(uint* ordinals)
{
    public uint this[int i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ordinals[i];
    }

    internal uint* Address => ordinals;
}

/// <summary>The four scores of a <see cref="RowGroup"/>; an address for the same reason.</summary>
internal readonly unsafe struct ScoreGroup(int* scores)
{
    public int this[int i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => scores[i];
    }

    /// <summary>Whether any is above <paramref name="bound"/>, which is rare when most rows are far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasAbove(int bound) => Vector128.GreaterThanAny(Vector128.Load(scores), Vector128.Create(bound));

    internal int* Address => scores;
}
