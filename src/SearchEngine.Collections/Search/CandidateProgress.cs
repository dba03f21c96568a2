namespace SearchEngine.Collections.Search;

/// <summary>Shows the candidates of a first stage as what they are: hits whose scores and order are not final.</summary>
internal sealed class CandidateProgress(ISearchProgress progress, int offset, int count) : ISearchProgress
{
    public bool IsWanted => progress.IsWanted;

    public void Planned(long matches, int segments, ulong sequence) => progress.Planned(matches, segments, sequence);

    public void Improved(SearchMoment moment) =>
        progress.Improved(moment with { Hits = [.. moment.Hits.Skip(offset).Take(count)], IsExact = false });
}
