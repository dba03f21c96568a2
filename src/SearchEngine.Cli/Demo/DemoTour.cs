using System.Text.Json;
using SearchEngine.Cli.Searching;

namespace SearchEngine.Cli.Demo;

/// <summary>A few questions, each chosen for what one stage does to it; good and bad ones, as they come.</summary>
internal sealed class DemoTour(DemoFiles files, DemoSearch search)
{
    public const int Candidates = 50;

    private const int Shown = 4;

    public async Task<IReadOnlyList<StageResult>> RunAsync(CancellationToken cancel) =>
    [
        await ShowAsync("q119", "Neither vectors nor words put it first; together they come closer, and reading question and passage together does it.", null, cancel).ConfigureAwait(false),
        await ShowAsync("q042", "Meaning: vectors put the answer first, words do not.", null, cancel).ConfigureAwait(false),
        await ShowAsync("q163", "A name that no model has seen: words find it, vectors guess.", null, cancel).ConfigureAwait(false),
        await ShowAsync("q150", "Near-duplicates: two rules that differ in one date.", null, cancel).ConfigureAwait(false),
        await ShowAsync("q203", "Filter: the question says nothing of a region, the session knows it.", Own("q203"), cancel).ConfigureAwait(false),
        await ShowAsync("q204", "Filter: the same words from another region have another answer.", Own("q204"), cancel).ConfigureAwait(false),
        await ShowAsync("q116", "A miss: the answer shares neither words with the question nor, to these models, its meaning.", null, cancel).ConfigureAwait(false),
    ];

    private Dictionary<string, JsonElement>? Own(string question) => Find(question).Filter;

    private DemoFiles.Question Find(string id) => files.Questions.First(question => question.Id == id);

    private async Task<StageResult> ShowAsync(string id, string lesson, Dictionary<string, JsonElement>? conditions, CancellationToken cancel)
    {
        DemoFiles.Question question = Find(id);
        Wire.SearchReply found = await search.RetrieveAsync(question.Text, SearchedBy.Hybrid, DemoSearch.Filter(conditions), Candidates, cancel).ConfigureAwait(false);
        Wire.RerankReply reranked = await search.RerankAsync(question.Text, found.Hits, cancel).ConfigureAwait(false);
        StageResult.Place[] all =
        [
            .. reranked.Items.Select((item, place) => new StageResult.Place(
                item.Id.Text, PlaceBy(found.Hits[(int)item.Index], "dense"), PlaceBy(found.Hits[(int)item.Index], "lexical"), (int)item.Index + 1, place + 1,
                item.Score, Verdict(question, item.Id.Text))),
        ];
        return new StageResult(
            id, question.Text, lesson, conditions is null ? null : string.Join(", ", conditions.Select(pair => $"{pair.Key} = {pair.Value}")),
            found.Plan.MatchCount, [.. all.Where(place => place.Reranked <= Shown || place.Verdict.Length > 0)]);
    }

    private static int PlaceBy(Wire.Hit hit, string component) => (int)(hit.Components.FirstOrDefault(c => c.Name == component)?.Rank ?? 0);

    private static string Verdict(DemoFiles.Question question, string passage) =>
        question.Relevant.FirstOrDefault(answer => answer.Id == passage) is { } answer
            ? answer.Grade > 1 ? StageResult.Answer : "helps"
            : question.Distractor == passage ? "looks right, is wrong" : "";
}
