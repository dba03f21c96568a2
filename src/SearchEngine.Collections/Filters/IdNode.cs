using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Filters;

/// <summary>The id is one of a set.</summary>
internal sealed class IdNode : FilterNode
{
    private const double NanosPerId = 100;

    private readonly DocumentId[] _ids;

    /// <param name="ids">Duplicates count once.</param>
    public IdNode(IEnumerable<DocumentId> ids) => _ids = [.. new SortedSet<DocumentId>(ids)];

    public override RowSet Evaluate(in FilterSource source, RowSet? among)
    {
        RowSet rows = RowSet.None(source.Rows);
        try
        {
            foreach (DocumentId id in _ids)
            {
                if (source.Ids.TryFind(id, source.Rows, out uint row) && row < (uint)source.Rows)
                {
                    rows.Add(row);
                }
            }
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public override MatchEstimate Estimate(in FilterSource source)
    {
        int most = Math.Min(_ids.Length, source.Rows);
        return new MatchEstimate(0, most, most);
    }

    public override double Cost(in FilterSource source) => _ids.Length * NanosPerId;

    protected override void WriteTo(BinaryWriter writer)
    {
        writer.Write((byte)'i');
        writer.Write(_ids.Length);
        foreach (DocumentId id in _ids)
        {
            writer.Write(id.IsText);
            if (id.IsText)
            {
                writer.Write(id.Text!);
            }
            else
            {
                writer.Write(id.Number);
            }
        }
    }
}
