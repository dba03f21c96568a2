namespace SearchEngine.Vectors.Live;

/// <summary>Which rows a search may return: those that a filter accepts, if there is one, and that are not dead.</summary>
internal readonly ref struct RowGate
{
    private readonly ReadOnlySpan<ulong> _accept;
    private readonly Tombstones _dead;
    private readonly uint _covered;

    private RowGate(Tombstones dead, ReadOnlySpan<ulong> accept, uint covered)
    {
        _dead = dead;
        _accept = accept;
        _covered = covered;
    }

    public static RowGate Live(Tombstones dead) => new(dead, default, 0);

    /// <summary>Rows behind the last accept word are not accepted.</summary>
    public static RowGate Accepted(Tombstones dead, ReadOnlySpan<ulong> accept) => new(dead, accept, (uint)accept.Length * 64);

    public bool Admits(uint ordinal) => !_dead.Contains(ordinal)
        && (_accept.IsEmpty || (ordinal < _covered && (_accept[(int)(ordinal >> 6)] >> (int)(ordinal & 63) & 1) != 0));
}
