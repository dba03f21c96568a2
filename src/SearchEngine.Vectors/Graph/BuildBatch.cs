namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The links that the rows of one batch chose on one level, waiting to be linked back. Each row of the batch writes its
/// own slots; grouping by target makes the outcome independent of which thread wrote first.
/// </summary>
internal sealed class BuildBatch(int width)
{
    private Neighbour[] _links = [];
    private int[] _degrees = [];
    private uint _first;

    /// <summary>Edges sorted by target, then by source.</summary>
    private ulong[] _keys = [];

    /// <summary>The first row of the batch; all rows inserted before are in the graph.</summary>
    public uint First => _first;

    public void Begin(uint first, int count)
    {
        _first = first;
        if (_degrees.Length < count)
        {
            _degrees = new int[count];
            _links = new Neighbour[count * width];
            _keys = new ulong[count * width];
        }
        Array.Clear(_degrees);
    }

    public void Set(uint source, ReadOnlySpan<Neighbour> links)
    {
        int i = (int)(source - _first);
        _degrees[i] = links.Length;
        links.CopyTo(_links.AsSpan(i * width));
    }

    /// <summary>Sorts the edges and returns how many there are.</summary>
    public int Group(int rows)
    {
        int count = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < _degrees[i]; j++)
            {
                int slot = i * width + j;
                _keys[count++] = ((ulong)_links[slot].Ordinal << 32) | (uint)slot;
            }
        }
        _keys.AsSpan(0, count).Sort();
        return count;
    }

    public uint TargetAt(int edge) => (uint)(_keys[edge] >> 32);

    /// <summary>The new link of the target of <paramref name="edge"/>: back to the source, at the same distance.</summary>
    public Neighbour LinkAt(int edge)
    {
        int slot = (int)(uint)_keys[edge];
        return new Neighbour(_first + (uint)(slot / width), _links[slot].Distance);
    }
}
