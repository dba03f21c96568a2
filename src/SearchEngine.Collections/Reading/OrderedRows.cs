using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Reading;

/// <summary>
/// The matching rows of a view in the order of an attribute, ties by id, rows without a value last. Each segment has its rows in order;
/// this merges them as they are read, so what is held is one row of each segment and the rows of one value.
/// </summary>
internal sealed class OrderedRows
{
    private readonly View _view;
    private readonly CompiledFilter? _filter;
    private readonly Slice _slice;
    private readonly SortOrder _order;

    public OrderedRows(View view, CompiledFilter? filter, Slice slice, ScrollRequest request)
    {
        _view = view;
        _filter = filter;
        _slice = slice;
        _order = SortOrder.By(view.Schema, request.OrderBy!, request.IsDescending ? SortDirection.Descending : SortDirection.Ascending);
    }

    public IEnumerable<RowAddress> Read()
    {
        SourceAccept[] accepted = [.. _view.Sources.Select(source => new SourceAccept(source, _filter))];
        try
        {
            foreach (RowAddress row in WithValue(accepted).Concat(WithoutValue(accepted)))
            {
                yield return row;
            }
        }
        finally
        {
            Array.ForEach(accepted, static a => a.Dispose());
        }
    }

    private IEnumerable<RowAddress> WithValue(SourceAccept[] accepted)
    {
        var next = new PriorityQueue<IEnumerator<(RowAddress Row, SortKey Key)>, SortKey>(
            Comparer<SortKey>.Create((a, b) => _order.Direction == SortDirection.Ascending ? a.CompareTo(b) : b.CompareTo(a)));
        var segments = new List<IEnumerator<(RowAddress Row, SortKey Key)>>();
        try
        {
            for (int at = 0; at < accepted.Length; at++)
            {
                segments.Add(InOrder(at, accepted[at]).GetEnumerator());
                Advance(segments[^1], next);
            }
            var ties = new List<RowAddress>();
            while (next.TryPeek(out _, out SortKey key))
            {
                ties.Clear();
                while (next.TryPeek(out IEnumerator<(RowAddress Row, SortKey Key)>? segment, out SortKey least)
                    && least.CompareTo(key) == 0)
                {
                    ties.Add(segment.Current.Row);
                    next.Dequeue();
                    Advance(segment, next);
                }
                ties.Sort(ById);
                foreach (RowAddress row in ties)
                {
                    yield return row;
                }
            }
        }
        finally
        {
            segments.ForEach(static s => s.Dispose());
        }
    }

    private IEnumerable<RowAddress> WithoutValue(SourceAccept[] accepted)
    {
        var rows = new List<RowAddress>();
        for (int at = 0; at < accepted.Length; at++)
        {
            ViewSource source = _view.Sources[at];
            using RowSet missing = _order.Missing(source.ToFilterSource().Attributes, source.Rows);
            missing.And(accepted[at].Words);
            foreach (uint ordinal in new RowEnumerator(missing.Words))
            {
                if (_slice.Has(source.IdOf(ordinal)))
                {
                    rows.Add(new RowAddress(at, ordinal));
                }
            }
        }
        rows.Sort(ById);
        return rows;
    }

    private IEnumerable<(RowAddress Row, SortKey Key)> InOrder(int at, SourceAccept accepted)
    {
        ViewSource source = _view.Sources[at];
        foreach (OrderedRow row in _order.Rows(source.ToFilterSource().Attributes, source.Rows))
        {
            if (accepted.Contains(row.Row) && _slice.Has(source.IdOf(row.Row)))
            {
                yield return (new RowAddress(at, row.Row), row.Key);
            }
        }
    }

    private static void Advance(
        IEnumerator<(RowAddress Row, SortKey Key)> segment, PriorityQueue<IEnumerator<(RowAddress Row, SortKey Key)>, SortKey> next)
    {
        if (segment.MoveNext())
        {
            next.Enqueue(segment, segment.Current.Key);
        }
    }

    private int ById(RowAddress a, RowAddress b) => IdOf(a).CompareTo(IdOf(b));

    private DocumentId IdOf(RowAddress row) => _view.Sources[row.Source].IdOf(row.Ordinal);
}
