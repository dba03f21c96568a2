namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// A candidate as one long: score in the upper half, ordinal shifted by one, lowest bit "is a hit". Comparing entries compares
/// (score, ordinal), a total order, so what is kept does not depend on the order in which it came.
/// </summary>
internal static class Entry
{
    public static long Pack(int score, uint ordinal) => ((long)score << 32) | ((long)ordinal << 1);

    public static long PackHit(int score, uint ordinal) => Pack(score, ordinal) | 1;

    /// <summary>No entry of this score or less is above it.</summary>
    public static long Last(int score) => Pack(score, uint.MaxValue >> 1) | 1;

    public static int ScoreOf(long entry) => (int)(entry >> 32);

    public static uint OrdinalOf(long entry) => (uint)entry >> 1;

    public static bool IsHit(long entry) => (entry & 1) != 0;
}
