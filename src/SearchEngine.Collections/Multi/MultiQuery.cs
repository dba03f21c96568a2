using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Multi;

/// <summary>A checked query against one multi vector of a view. One thread; dispose it.</summary>
internal sealed class MultiQuery : IDisposable
{
    private readonly View _view;
    private readonly int _position;
    private readonly MultiLayout _layout;
    private readonly MaxSim _query;

    private MultiQuery(View view, int position, MultiVector query)
    {
        _view = view;
        _position = position;
        Schema = view.Schema.MultiVectors[position];
        _layout = new MultiLayout(Schema);
        _query = _layout.Query(query);
    }

    public MultiSchema Schema { get; }

    /// <summary>Stored rows that were scored so far.</summary>
    public long Scored { get; private set; }

    public int QueryRows => _query.QueryRows;

    /// <param name="name">Of the multi vector; null for the first.</param>
    /// <param name="field">The query's name in errors.</param>
    /// <param name="nameField">That of the vector's name.</param>
    /// <exception cref="CollectionException">VectorUnknown, and what <see cref="MultiCheck"/> refuses.</exception>
    public static MultiQuery Of(View view, string? name, MultiVector query, string field, string nameField)
    {
        int position = name is null ? Math.Min(0, view.Schema.MultiVectors.Count - 1) : view.Schema.MultiAt(name);
        if (position < 0)
        {
            throw new CollectionException(
                CollectionError.VectorUnknown, nameField, $"The collection has no multi vector {(name is null ? "at all" : $"\"{name}\"")}.",
                view.Schema.MultiVectors.Count == 0
                ? "Search by something else, or a collection that has one."
                : $"Its multi vectors are {string.Join(", ", view.Schema.MultiVectors.Select(static m => m.Name))}.");
        }
        MultiCheck.Query(view.Schema.MultiVectors[position], query, field);
        return new MultiQuery(view, position, query);
    }

    /// <returns>False when the document does not have the vector.</returns>
    public bool TryScore(RowAddress row, out float score)
    {
        MultiRows rows = _view.Sources[row.Source].MultiOf(_position, row.Ordinal);
        score = 0;
        if (rows.IsEmpty)
        {
            return false;
        }
        Scored += rows.Rows.Length / _layout.Stride;
        score = _query.Score(rows.Rows, _layout.Divisors(rows));
        return true;
    }

    /// <summary>The best row of the document for each row of the query; empty where the document lacks the vector.</summary>
    public IReadOnlyList<TokenMatch> Match(RowAddress row)
    {
        MultiRows rows = _view.Sources[row.Source].MultiOf(_position, row.Ordinal);
        if (rows.IsEmpty)
        {
            return [];
        }
        var best = new int[QueryRows];
        var scores = new float[QueryRows];
        _query.Match(rows.Rows, _layout.Divisors(rows), best, scores);
        return [.. best.Select((documentRow, queryRow) => new TokenMatch(queryRow, documentRow, scores[queryRow]))];
    }

    public void Dispose() => _query.Dispose();
}
