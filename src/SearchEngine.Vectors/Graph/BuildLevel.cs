using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// One level of a graph under construction: link rows and, beside them, the distance of every link, so that choosing
/// anew never measures an old link again. Row i is written by one thread at a time; the builder sees to that.
/// </summary>
internal sealed class BuildLevel : IDisposable
{
    private readonly AnonymousRows _links;
    private readonly AnonymousRows _distances;
    private readonly byte[] _degrees;

    public BuildLevel(int count, int width, uint padding)
    {
        _links = AnonymousRows.Allocate(count, width * sizeof(uint));
        _distances = AnonymousRows.Allocate(count, width * sizeof(float));
        _degrees = new byte[count];
        for (uint i = 0; i < count; i++)
        {
            _links.RowAs<uint>(i).Fill(padding);
        }
        Table = new LinkTable(_links, 0, count, padding);
    }

    public LinkTable Table { get; }

    public int Count => _degrees.Length;

    public int Width => Table.Width;

    /// <summary>As they would be kept for another process: links, then padding.</summary>
    public RowMemory LinkRows => _links;

    public RowMemory DistanceRows => _distances;

    public int Degree(uint ordinal) => _degrees[ordinal];

    public ReadOnlySpan<uint> Links(uint ordinal) => _links.RowAs<uint>(ordinal)[.._degrees[ordinal]];

    public Neighbour Link(uint ordinal, int slot) =>
        new(_links.RowAs<uint>(ordinal)[slot], _distances.RowAs<float>(ordinal)[slot]);

    public void Append(uint ordinal, Neighbour link)
    {
        int slot = _degrees[ordinal]++;
        _links.RowAs<uint>(ordinal)[slot] = link.Ordinal;
        _distances.RowAs<float>(ordinal)[slot] = link.Distance;
    }

    /// <summary>Drops the farthest link of a row.</summary>
    public void RemoveFarthest(uint ordinal)
    {
        Span<uint> row = _links.RowAs<uint>(ordinal);
        Span<float> distances = _distances.RowAs<float>(ordinal);
        int last = _degrees[ordinal] - 1, farthest = 0;
        for (int slot = 1; slot <= last; slot++)
        {
            farthest = distances[slot] > distances[farthest] ? slot : farthest;
        }
        row[farthest] = row[last];
        distances[farthest] = distances[last];
        row[last] = Table.Padding;
        _degrees[ordinal]--;
    }

    public void Replace(uint ordinal, ReadOnlySpan<Neighbour> links)
    {
        Span<uint> row = _links.RowAs<uint>(ordinal);
        Span<float> distances = _distances.RowAs<float>(ordinal);
        for (int i = 0; i < links.Length; i++)
        {
            row[i] = links[i].Ordinal;
            distances[i] = links[i].Distance;
        }
        row[links.Length..].Fill(Table.Padding);
        _degrees[ordinal] = (byte)links.Length;
    }

    /// <summary>Whether rows are links of a level of this form.</summary>
    public bool Fits(RowMemory links, RowMemory distances)
    {
        if ((links.Count, links.Stride, distances.Count, distances.Stride) != (Count, _links.Stride, Count, _distances.Stride))
        {
            return false;
        }
        for (uint i = 0; i < (uint)Count; i++)
        {
            ReadOnlySpan<uint> row = links.RowAs<uint>(i);
            int degree = DegreeOf(row);
            foreach (uint link in row[..degree])
            {
                if (link >= (uint)Count)
                {
                    return false;
                }
            }
            if (row[degree..].ContainsAnyExcept(Table.Padding))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Takes over rows that fit.</summary>
    public void Load(RowMemory links, RowMemory distances)
    {
        for (uint i = 0; i < (uint)Count; i++)
        {
            links.Row(i).CopyTo(_links.Row(i));
            distances.Row(i).CopyTo(_distances.Row(i));
            _degrees[i] = (byte)DegreeOf(_links.RowAs<uint>(i));
        }
    }

    public void Dispose()
    {
        _links.Dispose();
        _distances.Dispose();
    }

    private int DegreeOf(ReadOnlySpan<uint> row) => row.IndexOf(Table.Padding) is var end and >= 0 ? end : row.Length;
}
