namespace SearchEngine.Vectors.Live;

/// <summary>
/// Short exclusion of writers, striped over ordinals; readers never look here. A stripe counts the changes made under it,
/// so that a writer may choose links outside the lock and notice that the row has changed meanwhile.
/// </summary>
internal sealed class RowLocks
{
    private const int Stripes = 4096;

    /// <summary>A cache line per stripe: {held, changes}.</summary>
    private const int Spacing = 16;

    private readonly int[] _stripes = new int[(Stripes + 1) * Spacing];

    public void Enter(uint ordinal)
    {
        ref int held = ref _stripes[At(ordinal)];
        var spin = default(SpinWait);
        while (Volatile.Read(ref held) != 0 || Interlocked.CompareExchange(ref held, 1, 0) != 0)
        {
            spin.SpinOnce();
        }
    }

    public void Exit(uint ordinal) => Volatile.Write(ref _stripes[At(ordinal)], 0);

    /// <summary>Changes so far; the stripe is held.</summary>
    public int Changes(uint ordinal) => _stripes[At(ordinal) + 1];

    /// <summary>Notes that a row has changed; the stripe is held.</summary>
    public void Change(uint ordinal) => _stripes[At(ordinal) + 1]++;

    private static int At(uint ordinal) => (int)((ordinal * 0x9E3779B1u >> 20) + 1) * Spacing;
}
