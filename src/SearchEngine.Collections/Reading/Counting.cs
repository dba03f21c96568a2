using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Reading;

/// <summary>Counts the documents of a view that match.</summary>
internal sealed class Counting(View view, Filter filter, UnindexedFilter unindexed)
{
    private readonly CompiledFilter? _filter = filter.IsEmpty ? null : CompiledFilter.Compile(filter, view.Schema, unindexed);

    public long Exactly()
    {
        long count = 0;
        foreach (ViewSource source in view.Sources)
        {
            using var accept = new SourceAccept(source, _filter);
            count += accept.Count;
        }
        return count;
    }

    /// <summary>From the statistics of each segment, dead rows taken off in proportion.</summary>
    public long Estimated()
    {
        if (_filter is null)
        {
            return view.AliveCount;
        }
        double count = 0;
        foreach (ViewSource source in view.Sources)
        {
            if (source.Rows > 0)
            {
                count += _filter.Estimate(source.ToFilterSource()).Likely * ((double)source.AliveCount / source.Rows);
            }
        }
        return (long)Math.Round(count);
    }
}
