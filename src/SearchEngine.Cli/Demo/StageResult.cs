namespace SearchEngine.Cli.Demo;

/// <summary>One question, stage by stage.</summary>
/// <param name="Question">Its id.</param>
/// <param name="Text">As the user typed it.</param>
/// <param name="Lesson">What it is here for.</param>
/// <param name="Filter">The condition that was applied, or null.</param>
/// <param name="Matches">Passages that the filter leaves.</param>
/// <param name="Places">The best passages in their final order, and those that were judged wherever they came.</param>
internal sealed record StageResult(
    string Question, string Text, string Lesson, string? Filter, ulong Matches, IReadOnlyList<StageResult.Place> Places)
{
    /// <summary>The verdict on a passage that answers the question.</summary>
    public const string Answer = "answer";

    /// <summary>One passage.</summary>
    /// <param name="Passage">Its id.</param>
    /// <param name="ByVectors">Place by vectors alone, from 1; 0 when it is not among their best.</param>
    /// <param name="ByWords">Place by words alone, from 1; 0 when it is not among their best.</param>
    /// <param name="Retrieved">Place in the ranking made of both, from 1.</param>
    /// <param name="Reranked">Place after reranking, from 1.</param>
    /// <param name="Relevance">Score of the reranker.</param>
    /// <param name="Verdict">"answer", "helps", "looks right, is wrong", or nothing.</param>
    internal sealed record Place(string Passage, int ByVectors, int ByWords, int Retrieved, int Reranked, float Relevance, string Verdict);
}
