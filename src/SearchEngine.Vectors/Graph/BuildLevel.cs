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

    public void Dispose()
    {
        _links.Dispose();
        _distances.Dispose();
    }
}
