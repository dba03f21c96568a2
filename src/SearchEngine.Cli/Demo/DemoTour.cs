using System.Text.Json;

namespace SearchEngine.Cli.Demo;

/// <summary>A few questions, each chosen for what one stage does to it; good and bad ones, as they come.</summary>
internal sealed class DemoTour(DemoFiles files, DemoSearch search)
{
    public const int Candidates = 50;

    private const int Shown = 4;

    private static readonly Dictionary<string, JsonElement> ForAdmins = new(StringComparer.Ordinal) { ["audience"] = JsonSerializer.SerializeToElement("admin") };

    public async Task<IReadOnlyList<StageResult>> RunAsync(CancellationToken cancel) =>
    [
        await ShowAsync("q043", "Retrieve: none of the words that matter stand in the answer.", null, cancel).ConfigureAwait(false),
        await ShowAsync("q106", "Look-alikes: drivers mute alarms, too, but only an admin can do it for everybody.", null, cancel).ConfigureAwait(false),
        await ShowAsync("q106", "Filter: the same question, asked by somebody known to be an admin.", ForAdmins, cancel).ConfigureAwait(false),
        await ShowAsync("q150", "Near-duplicates: two rules that differ in one date.", null, cancel).ConfigureAwait(false),
        await ShowAsync("q203", "Filter: the question says nothing of a region, the session knows it.", Own("q203"), cancel).ConfigureAwait(false),
        await ShowAsync("q204", "Filter: the same words from another region have another answer.", Own("q204"), cancel).ConfigureAwait(false),
        await ShowAsync("q169", "A name that no model has seen: what vectors do with it.", null, cancel).ConfigureAwait(false),
    ];

    private Dictionary<string, JsonElement>? Own(string question) => Find(question).Filter;

    private DemoFiles.Question Find(string id) => files.Questions.First(question => question.Id == id);

    private async Task<StageResult> ShowAsync(string id, string lesson, Dictionary<string, JsonElement>? conditions, CancellationToken cancel)
    {
        DemoFiles.Question question = Find(id);
        Wire.SearchReply found = await search.RetrieveAsync(question.Text, DemoSearch.Filter(conditions), Candidates, cancel).ConfigureAwait(false);
        Wire.RerankReply reranked = await search.RerankAsync(question.Text, found.Hits, cancel).ConfigureAwait(false);
        StageResult.Place[] all =
        [
            .. reranked.Items.Select((item, place) => new StageResult.Place(
                item.Id.Text, (int)item.Index + 1, found.Hits[(int)item.Index].Score, place + 1, item.Score, Verdict(question, item.Id.Text))),
        ];
        return new StageResult(
            id, question.Text, lesson, conditions is null ? null : string.Join(", ", conditions.Select(pair => $"{pair.Key} = {pair.Value}")),
            found.Plan.MatchCount, [.. all.Where(place => place.Reranked <= Shown || place.Verdict.Length > 0)]);
    }

    private static string Verdict(DemoFiles.Question question, string passage) =>
        question.Relevant.FirstOrDefault(answer => answer.Id == passage) is { } answer
            ? answer.Grade > 1 ? StageResult.Answer : "helps"
            : question.Distractor == passage ? "looks right, is wrong" : "";
}
