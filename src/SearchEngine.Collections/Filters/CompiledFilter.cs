using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Filters;

/// <summary>
/// A filter that was checked against a schema. Immutable; any thread evaluates it on any segment of the collection, also on
/// those written with an earlier form of the schema. Filters that mean the same give the same rows, however written.
/// </summary>
internal sealed class CompiledFilter
{
    private readonly FilterNode _root;

    private CompiledFilter(FilterNode root, bool needsScan)
    {
        _root = root;
        NeedsScan = needsScan;
        Key = new FilterKey(root.Canonical());
    }

    /// <summary>Whether a condition is not promised by an index: rows may be read one by one.</summary>
    public bool NeedsScan { get; }

    /// <summary>Whether every row matches.</summary>
    public bool IsAll => _root == ConstantNode.All;

    public FilterKey Key { get; }

    /// <exception cref="CollectionException">The filter is not one of this schema, or is over a limit; the field names where.</exception>
    /// <param name="path">Of the filter in the request, the start of the paths in errors.</param>
    public static CompiledFilter Compile(Filter filter, CollectionSchema schema, UnindexedFilter unindexed, string path = "filter")
    {
        var compiler = new FilterCompiler(schema, unindexed);
        FilterNode root = compiler.Compile(filter, path);
        return new CompiledFilter(root, compiler.NeedsScan);
    }

    /// <summary>The rows that match, dead ones too. The caller disposes the set, and may change it.</summary>
    /// <exception cref="CollectionException">Checksum: a file of the segment contradicts itself.</exception>
    public RowSet Evaluate(in FilterSource source)
    {
        bool fits = source.Attributes is SegmentAttributes ? source.Rows == source.Attributes.Rows : source.Rows <= source.Attributes.Rows;
        if (!fits)
        {
            throw new ArgumentException($"{source.Rows} rows are asked for of {source.Attributes.Rows}.", nameof(source));
        }
        if (source.Cache is null || _root is ConstantNode)
        {
            return _root.Evaluate(source, null);
        }
        if (source.Cache.Find(Key, source.Rows) is { } kept)
        {
            return kept;
        }
        RowSet rows = _root.Evaluate(source, null);
        source.Cache.Keep(Key, rows);
        return rows;
    }

    /// <summary>Whether a document matches that may be in no segment.</summary>
    /// <param name="body">Its stored form.</param>
    public bool Holds(DocumentId id, ReadOnlyMemory<byte> body)
    {
        var alone = new SingleDocument(id);
        using RowSet rows = _root.Evaluate(
            new FilterSource { Rows = 1, Attributes = alone, Ids = alone, Bodies = _ => body.Span }, null);
        return rows.Contains(0);
    }

    /// <summary>How many rows match, dead ones too, without evaluation: bounds that hold, and a guess between them.</summary>
    public MatchEstimate Estimate(in FilterSource source) => _root.Estimate(source);
}
