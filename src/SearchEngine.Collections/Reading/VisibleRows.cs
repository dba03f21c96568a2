using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Reading;

/// <summary>Which rows of some documents match a filter; it is evaluated once per segment that is asked about.</summary>
internal sealed class VisibleRows(View view, Filter filter, IReadOnlyList<DocumentId> ids, UnindexedFilter unindexed) : IDisposable
{
    // By the ids as well: what else matches is of no interest, and needs no look.
    private readonly CompiledFilter? _filter = filter.IsEmpty
        ? null
        : CompiledFilter.Compile(new Filter { Must = [new Condition.IdIn(ids), new Condition.Matches(filter)] }, view.Schema, unindexed);

    private readonly SourceAccept?[] _accepts = new SourceAccept?[view.Sources.Count];

    public bool Contains(RowAddress row) =>
        _filter is null || (_accepts[row.Source] ??= new SourceAccept(view.Sources[row.Source], _filter)).Contains(row.Ordinal);

    public void Dispose() => Array.ForEach(_accepts, static a => a?.Dispose());
}
