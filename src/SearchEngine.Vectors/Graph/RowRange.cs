namespace SearchEngine.Vectors.Graph;

/// <summary>All ordinals from one up to another.</summary>
internal struct RowRange(int from, int to) : IOrdinals
{
    private uint _next = (uint)from;

    public bool TryTake(out uint ordinal)
    {
        ordinal = _next;
        if (_next >= (uint)to)
        {
            return false;
        }
        _next++;
        return true;
    }
}
