using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Chooses the links of one row out of loose candidates: measures them, drops repeated ones, prunes by
/// <see cref="LinkSelector"/>. One thread.
/// </summary>
internal sealed class LinkChooser
{
    private readonly CodeSpaceReader _reader;
    private readonly LinkSelector _selector;
    private readonly uint[] _ordinals;
    private readonly float[] _distances;
    private readonly Neighbour[] _candidates;
    private readonly Neighbour[] _chosen = new Neighbour[64];
    private uint _origin;
    private int _loose;
    private int _count;

    /// <param name="capacity">Most candidates of one choice; further ones are not looked at.</param>
    public LinkChooser(CodeSpaceReader reader, int capacity)
    {
        _reader = reader;
        _selector = new LinkSelector(reader);
        _ordinals = new uint[capacity + 4];
        _distances = new float[capacity + 4];
        _candidates = new Neighbour[capacity];
    }

    /// <summary>The measured candidates, nearest first.</summary>
    public ReadOnlySpan<Neighbour> Candidates => _candidates.AsSpan(0, _count);

    public void Begin(uint origin)
    {
        _origin = origin;
        _loose = 0;
        _count = 0;
    }

    public void Add(uint ordinal)
    {
        if (ordinal != _origin && _loose < _candidates.Length)
        {
            _ordinals[_loose++] = ordinal;
            _reader.PrefetchCode(ordinal);
        }
    }

    /// <summary>Measures what was added; <see cref="Candidates"/> is valid from here on.</summary>
    public void Measure()
    {
        if (_loose == 0)
        {
            return;
        }
        _ordinals.AsSpan(_loose, 3).Fill(_ordinals[_loose - 1]);
        _reader.SetOrigin(_origin);
        for (int i = 0; i < _loose; i += 4)
        {
            _reader.Distances(_ordinals.AsSpan(i, 4), _distances.AsSpan(i, 4));
        }
        for (int i = 0; i < _loose; i++)
        {
            _candidates[i] = new Neighbour(_ordinals[i], _distances[i]);
        }
        _candidates.AsSpan(0, _loose).Sort();
        // Repeated candidates stand side by side: equal ordinals have equal distances.
        for (int i = 0; i < _loose; i++)
        {
            if (_count == 0 || _candidates[i].Ordinal != _candidates[_count - 1].Ordinal)
            {
                _candidates[_count++] = _candidates[i];
            }
        }
    }

    /// <summary>The links of the row by pruning, nearest first.</summary>
    public ReadOnlySpan<Neighbour> Choose(int most) => _chosen.AsSpan(0, _selector.Select(Candidates, _chosen.AsSpan(0, most)));

    /// <summary>
    /// The links of a row that has lost some. Those in <paramref name="kept"/> stay: choosing anew would give up far links,
    /// which nothing replaces, for the near ones that just came into view. Pruning fills the row up to as many links as it
    /// had, and then, since a row that is repaired again and again would thin out, the nearest of the pruned do.
    /// </summary>
    public ReadOnlySpan<Neighbour> ChooseBeside(ReadOnlySpan<uint> kept, int had)
    {
        int count = 0;
        foreach (Neighbour candidate in Candidates)
        {
            if (count < had && kept.Contains(candidate.Ordinal))
            {
                _chosen[count++] = candidate;
            }
        }
        Span<Neighbour> links = _chosen.AsSpan(0, had);
        // Kept ones come up again as candidates; they are put out of the way, not chosen twice.
        int others = 0;
        for (int i = 0; i < _count; i++)
        {
            if (!links[..count].Contains(_candidates[i]))
            {
                _candidates[others++] = _candidates[i];
            }
        }
        _count = others;
        int pruned = _selector.Extend(Candidates, links, count);
        for (int i = 0; i < others && pruned < had; i++)
        {
            if (!links[count..pruned].Contains(_candidates[i]))
            {
                links[pruned++] = _candidates[i];
            }
        }
        return links[..pruned];
    }
}
