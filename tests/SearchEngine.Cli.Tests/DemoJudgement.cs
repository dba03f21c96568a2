namespace SearchEngine.Cli.Tests;

/// <summary>Grade 2 answers the question, grade 1 helps.</summary>
internal sealed record DemoJudgement(string Id, int Grade);
