namespace SearchEngine.Vectors.Live;

/// <summary>Rows that lost their last inbound link and wait to be linked anew; those for which there is no room are found by the
/// next sweep. One thread.</summary>
internal sealed class LostRows
{
    private readonly uint[] _rows = new uint[1024];
    private int _count;

    public void Note(uint ordinal)
    {
        if (_count < _rows.Length)
        {
            _rows[_count++] = ordinal;
        }
    }

    /// <summary>Each is handed out once.</summary>
    public bool TryTake(out uint ordinal)
    {
        if (_count == 0)
        {
            ordinal = 0;
            return false;
        }
        ordinal = _rows[--_count];
        return true;
    }
}
