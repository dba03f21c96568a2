using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Chooses links (HNSW, algorithm 4): from near to far, a candidate is kept unless some kept one is closer to it than
/// the origin is, because a walk then reaches it through that one. One thread.
/// </summary>
internal sealed class LinkSelector(CodeSpaceReader reader)
{
    private readonly uint[] _kept = new uint[256];
    private readonly float[] _distances = new float[4];

    /// <param name="candidates">Nearest first.</param>
    /// <param name="links">Receives the chosen; its length is how many there may be.</param>
    /// <returns>How many were chosen.</returns>
    public int Select(ReadOnlySpan<Neighbour> candidates, Span<Neighbour> links) => Extend(candidates, links, 0);

    /// <summary>The same, beside the first <paramref name="count"/> links, which are kept in any case.</summary>
    public int Extend(ReadOnlySpan<Neighbour> candidates, Span<Neighbour> links, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _kept[i] = links[i].Ordinal;
        }
        foreach (Neighbour candidate in candidates)
        {
            if (count == links.Length)
            {
                break;
            }
            if (!IsOccluded(candidate, count))
            {
                _kept[count] = candidate.Ordinal;
                links[count++] = candidate;
            }
        }
        return count;
    }

    private bool IsOccluded(Neighbour candidate, int kept)
    {
        if (kept == 0)
        {
            return false;
        }
        reader.SetOrigin(candidate.Ordinal);
        for (int i = kept; i < kept + 3; i++)
        {
            _kept[i] = _kept[kept - 1];
        }
        for (int i = 0; i < kept; i += 4)
        {
            reader.Distances(_kept.AsSpan(i, 4), _distances);
            if (_distances[0] < candidate.Distance || _distances[1] < candidate.Distance
                || _distances[2] < candidate.Distance || _distances[3] < candidate.Distance)
            {
                return true;
            }
        }
        return false;
    }
}
