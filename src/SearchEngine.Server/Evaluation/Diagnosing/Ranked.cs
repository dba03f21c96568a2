using SearchEngine.Collections.Documents;

namespace SearchEngine.Server.Evaluation.Diagnosing;

/// <summary>What one search found, seen from the point that it should find.</summary>
/// <param name="Hits">The best first.</param>
internal sealed record Ranked(IReadOnlyList<(DocumentId Id, float Score)> Hits, DocumentId Expected)
{
    /// <summary>From 1; 0 where it is not among the hits.</summary>
    public int Rank
    {
        get
        {
            for (int i = 0; i < Hits.Count; i++)
            {
                if (Hits[i].Id == Expected)
                {
                    return i + 1;
                }
            }
            return 0;
        }
    }

    public float Score => Rank > 0 ? Hits[Rank - 1].Score : 0;

    /// <summary>The score that a point needs to be among so many; null where fewer were found.</summary>
    public float? ScoreAt(int rank) => rank <= Hits.Count ? Hits[rank - 1].Score : null;
}
