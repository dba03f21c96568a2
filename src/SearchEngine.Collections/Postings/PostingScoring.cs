using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors.Graph;

namespace SearchEngine.Collections.Postings;

/// <summary>By postings: a scan of those of each segment, which passes over what cannot be among the best any more. Always exact.</summary>
/// <exception cref="CollectionException">The schema does not have what is searched for, or a limit is surpassed.</exception>
internal sealed class PostingScoring(View view, PostingSearchRequest request) : IScoring
{
    private readonly IPostingQuery _query = request.LookUp(view);
    private readonly BestRows _best = new(view, request.Window.Wanted);

    public IReadOnlyList<Hit> Best => _best.Hits();

    public long Scored { get; private set; }

    public ScoreBounds? Bounds => _query.Bounds;

    public RecallEstimate Recall => new(1, RecallBasis.Exact);

    public SearchEnd Search(in SegmentTurn turn)
    {
        var scan = new PostingScan(turn.Source, turn.Accept, _query, _best);
        bool isWhole = scan.Run(turn.Cancel);
        Scored += scan.Scored;
        return isWhole ? SearchEnd.Complete : SearchEnd.Cancelled;
    }

    public SearchPlan Plan(long matches, int segments) =>
        new() { Strategy = Strategy.Postings, Matches = matches, Segments = segments, Scored = Scored };
}
