using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>
/// The documents of one segment that a search may return: matches of the filter that are alive in the view. Without a filter nothing is
/// computed that the view does not hold already.
/// </summary>
internal sealed class SourceAccept : IDisposable
{
    private readonly ViewSource _source;
    private readonly RowSet? _matches;

    public SourceAccept(ViewSource source, CompiledFilter? filter)
    {
        _source = source;
        if (filter is null)
        {
            Count = source.AliveCount;
            return;
        }
        _matches = filter.Evaluate(source.ToFilterSource());
        source.Dead.RemoveFrom(_matches.Bits);
        Count = _matches.Count();
    }

    /// <summary>Matches that are alive.</summary>
    public int Count { get; }

    /// <summary>Whether every row of the segment may be returned.</summary>
    public bool IsEverything => Count == _source.Rows && _source.Segment is not null;

    /// <summary>One bit per document below the view's bound.</summary>
    public ReadOnlySpan<ulong> Words => _matches is not null ? _matches.Words : _source.Alive;

    public bool Contains(uint document)
    {
        ReadOnlySpan<ulong> words = Words;
        return document >> 6 < (uint)words.Length && (words[(int)(document >> 6)] >> (int)(document & 63) & 1) != 0;
    }

    public void Dispose() => _matches?.Dispose();
}
