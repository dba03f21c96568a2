using System.Text.Json;

namespace SearchEngine.Cli.Tests;

/// <summary>One labelled question of the demo corpus.</summary>
internal sealed record DemoQuestion(
    string Id, string Text, string Kind, DemoJudgement[] Relevant, string? Distractor = null, Dictionary<string, JsonElement>? Filter = null)
{
    /// <summary>The passages that answer it, without those that only help.</summary>
    public IEnumerable<string> Answers => Relevant.Where(judgement => judgement.Grade == 2).Select(judgement => judgement.Id);

    public bool Admits(DemoPassage passage) => Filter is null || Filter.All(condition => passage.Has(condition.Key, condition.Value));
}
