namespace SearchEngine.Vectors.Graph;

/// <summary>A graph in which some rows are dead.</summary>
internal interface IMortalGraph
{
    bool IsDead(uint ordinal);

    /// <summary>Copies the links of a row and returns how many there are.</summary>
    int CopyLinks(uint ordinal, Span<uint> links);
}

/// <summary>
/// Finds what may replace the dead links of a row: what the dead ones link to, through further dead rows if need be, since
/// in the middle of a dead cluster the next live row may be several links away. One thread.
/// </summary>
internal sealed class DeadCrossing
{
    private const int MaxDead = 128;
    private const int MaxLive = 1024;

    private readonly uint[] _dead = new uint[MaxDead];
    private readonly uint[] _live = new uint[MaxLive];
    private int _deadCount;
    private int _liveCount;
    private int _keptCount;

    /// <summary>Live rows found by the last run: links of the row, then replacements; some perhaps twice.</summary>
    public ReadOnlySpan<uint> Live => _live.AsSpan(0, _liveCount);

    /// <summary>The live ones among the links of the row.</summary>
    public ReadOnlySpan<uint> Kept => _live.AsSpan(0, _keptCount);

    /// <returns>Whether any of the links is dead.</returns>
    public bool Run<TGraph>(in TGraph graph, ReadOnlySpan<uint> links)
        where TGraph : struct, IMortalGraph
    {
        Span<uint> beyond = stackalloc uint[64];
        _deadCount = _liveCount = 0;
        foreach (uint link in links)
        {
            Meet(graph, link);
        }
        _keptCount = _liveCount;
        int wounds = _deadCount, wanted = 2 * links.Length;
        for (int next = 0; next < _deadCount && (next < wounds || _liveCount < wanted); next++)
        {
            int count = graph.CopyLinks(_dead[next], beyond);
            foreach (uint link in beyond[..count])
            {
                Meet(graph, link);
            }
        }
        return wounds > 0;
    }

    private void Meet<TGraph>(in TGraph graph, uint link)
        where TGraph : struct, IMortalGraph
    {
        if (!graph.IsDead(link))
        {
            if (_liveCount < MaxLive)
            {
                _live[_liveCount++] = link;
            }
        }
        else if (_deadCount < MaxDead && !_dead.AsSpan(0, _deadCount).Contains(link))
        {
            _dead[_deadCount++] = link;
        }
    }
}
