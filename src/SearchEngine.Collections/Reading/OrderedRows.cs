using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Reading;

/// <summary>The matching rows of a view in the order of a number, ties by id; rows without a value last. Sixteen bytes are held per match.</summary>
internal sealed class OrderedRows
{
    private readonly View _view;
    private readonly CompiledFilter? _filter;
    private readonly Slice _slice;
    private readonly int _position;
    private readonly AttributeType _type;
    private readonly bool _descending;

    public OrderedRows(View view, CompiledFilter? filter, Slice slice, ScrollRequest request)
    {
        _view = view;
        _filter = filter;
        _slice = slice;
        _descending = request.IsDescending;
        _position = view.Schema.AttributeAt(request.OrderBy!);
        if (_position < 0)
        {
            throw new CollectionException(
                CollectionError.AttributeUnknown, "order.attribute", $"The collection has no attribute \"{request.OrderBy}\".", "Use the names of the schema.");
        }
        AttributeSchema attribute = view.Schema.Attributes[_position];
        _type = attribute.Type;
        bool sortable = _type is AttributeType.Integer or AttributeType.Float or AttributeType.Timestamp && !attribute.IsArray;
        if (!sortable || attribute.Index is not (AttributeIndex.Auto or AttributeIndex.Sorted))
        {
            throw new CollectionException(
                CollectionError.FilterUnindexed, "order.attribute", $"Attribute \"{attribute.Name}\" cannot be ordered by: it is not a single number with a sorted index.",
                "Order by an integer, float or timestamp that is indexed.");
        }
    }

    public IEnumerable<RowAddress> Read()
    {
        var rows = new List<(long Key, RowAddress Row)>();
        var without = new List<RowAddress>();
        for (int at = 0; at < _view.Sources.Count; at++)
        {
            Collect(at, rows, without);
        }
        rows.Sort(Compare);
        without.Sort((a, b) => IdOf(a).CompareTo(IdOf(b)));
        return rows.Select(static r => r.Row).Concat(without);
    }

    private void Collect(int at, List<(long Key, RowAddress Row)> rows, List<RowAddress> without)
    {
        ViewSource source = _view.Sources[at];
        using var accept = new SourceAccept(source, _filter);
        foreach (uint ordinal in new RowEnumerator(accept.Words))
        {
            var row = new RowAddress(at, ordinal);
            if (!_slice.Has(source.IdOf(ordinal)))
            {
                continue;
            }
            if (DocumentBody.TryAttribute(source.BodyOf(ordinal), _position, out BodyAttribute value))
            {
                rows.Add((NumberKey.Of(_type, value.First), row));
            }
            else
            {
                without.Add(row);
            }
        }
    }

    private int Compare((long Key, RowAddress Row) a, (long Key, RowAddress Row) b)
    {
        int order = _descending ? b.Key.CompareTo(a.Key) : a.Key.CompareTo(b.Key);
        return order != 0 ? order : IdOf(a.Row).CompareTo(IdOf(b.Row));
    }

    private DocumentId IdOf(RowAddress row) => _view.Sources[row.Source].IdOf(row.Ordinal);
}
