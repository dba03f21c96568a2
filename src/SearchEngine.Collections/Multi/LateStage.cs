using System.Diagnostics;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Multi;

/// <summary>
/// The second stage of one search: asks the first for its candidates, scores them by late interaction and orders them by that. The
/// candidates are rows of the first stage's view, so filters have been applied to them.
/// </summary>
internal sealed class LateStage : IDisposable
{
    private const string Field = "late_interaction";

    private readonly QueryRequest _request;
    private readonly MultiQuery _query;
    private readonly int _depth;
    private readonly CancellationToken _cancel;
    private readonly ISearchProgress? _progress;

    private LateStage(View view, QueryRequest request, LateInteraction late, ISearchProgress? progress, CancellationToken cancel)
    {
        request.Window.Check();
        int window = request.Offset + request.Count;
        if (window > SearchRequest.MaxHits)
        {
            throw new CollectionException(
                CollectionError.Window, "offset",
                $"Offset {request.Offset} and {request.Count} hits are more than the {SearchRequest.MaxHits} candidates of late interaction.",
                "Scroll instead of paging that deep.");
        }
        if (late.Candidates is < 1 or > SearchRequest.MaxHits)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, $"{Field}.candidates",
                $"{late.Candidates} candidates are to be scored, 1 to {SearchRequest.MaxHits} are possible.", "Score fewer.");
        }
        _request = request;
        _depth = Math.Max(late.Candidates, window);
        _progress = progress;
        _cancel = cancel;
        _query = MultiQuery.Of(view, late.VectorName, late.Query, $"{Field}.query", $"{Field}.vector_name");
    }

    /// <summary>What looks on at the first stage; nothing of it is final.</summary>
    public ISearchProgress? FirstProgress => _progress is null ? null : new CandidateProgress(_progress, _request.Offset, _request.Count);

    /// <returns>Null for a request without a second stage.</returns>
    public static LateStage? Of(View view, QueryRequest request, ISearchProgress? progress, CancellationToken cancel) =>
        request.Late is { } late ? new LateStage(view, request, late, progress, cancel) : null;

    /// <summary>The request of the first stage.</summary>
    public QueryRequest First(QueryRequest request) => request with { Count = _depth, Offset = 0, Late = null };

    /// <exception cref="OperationCanceledException">The caller cancelled, and a partial answer is none.</exception>
    public SearchResult Run(SearchResult first)
    {
        long began = Stopwatch.GetTimestamp();
        (IReadOnlyList<(int At, Hit Hit, LateScore Late)> ranked, string? unfinished) = Rank(first.Hits);
        SearchResult result = first with
        {
            Hits = [.. ranked.Select(static r => r.Hit)],
            Late = [.. ranked.Select(static r => r.Late)],
            IncompleteReason = first.IncompleteReason ?? unfinished,
            Plan = first.Plan with { Rescored = first.Plan.Rescored + _query.Scored },
            Bounds = null,
            LateTime = Stopwatch.GetElapsedTime(began),
        };
        Show(result.Hits, first.Plan.Matches);
        return result;
    }

    /// <inheritdoc cref="Run(SearchResult)"/>
    public HybridResult Run(HybridResult first)
    {
        long began = Stopwatch.GetTimestamp();
        (IReadOnlyList<(int At, Hit Hit, LateScore Late)> ranked, string? unfinished) = Rank([.. first.Hits.Select(static h => h.ToHit())]);
        HybridResult result = first with
        {
            Hits = [.. ranked.Select(r => first.Hits[r.At] with { Score = r.Hit.Score })],
            Late = [.. ranked.Select(static r => r.Late)],
            LateRows = _query.Scored,
            LateUnfinished = unfinished,
            LateTime = Stopwatch.GetElapsedTime(began),
        };
        Show([.. ranked.Select(static r => r.Hit)], first.Parts[0].Plan.Matches);
        return result;
    }

    public void Dispose() => _query.Dispose();

    private (IReadOnlyList<(int At, Hit Hit, LateScore Late)> Ranked, string? Unfinished) Rank(IReadOnlyList<Hit> candidates)
    {
        var ranked = new List<(int At, Hit Hit, LateScore Late)>(candidates.Count);
        bool isCut = false;
        for (int i = 0; i < candidates.Count; i++)
        {
            Hit first = candidates[i];
            isCut |= IsCancelled();
            bool isScored = TryScore(first, isCut, out float score);
            ranked.Add((i, isScored ? first with { Score = score } : first, new LateScore(i + 1, first.Score, isScored)));
        }
        ranked.Sort(static (a, b) => (a.Late.IsScored, b.Late.IsScored) switch
        {
            (true, true) => a.Hit.Score != b.Hit.Score ? b.Hit.Score.CompareTo(a.Hit.Score) : a.Hit.Id.CompareTo(b.Hit.Id),
            (false, false) => a.At.CompareTo(b.At),
            _ => b.Late.IsScored.CompareTo(a.Late.IsScored),
        });
        return (
            [.. ranked.Skip(_request.Offset).Take(_request.Count)], isCut ? "The candidates were not all scored: the search was cancelled." : null);
    }

    private bool TryScore(Hit candidate, bool isCut, out float score)
    {
        score = 0;
        return !isCut && _query.TryScore(candidate.Row, out score);
    }

    private bool IsCancelled()
    {
        if (!_request.AllowPartial)
        {
            _cancel.ThrowIfCancellationRequested();
        }
        return _cancel.IsCancellationRequested;
    }

    private void Show(IReadOnlyList<Hit> hits, long matches)
    {
        if (_progress is { IsWanted: true })
        {
            _progress.Improved(new SearchMoment(hits, IsExact: true, matches, matches));
        }
    }
}
