using SearchEngine.Collections.Documents;
using SearchEngine.Server.Evaluation.Measuring;
using SearchEngine.Server.Search;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Evaluation.Sweeping;

/// <summary>A query that every combination is measured with.</summary>
/// <param name="Order">An exact search for the hits that count.</param>
/// <param name="Self">The point whose vector it is, which is not among its hits; null for a query from elsewhere.</param>
/// <param name="Question">Its judgements; null where there are none.</param>
internal sealed record SweepQuery(SearchOrder Order, DocumentId? Self, JudgedQuestion? Question)
{
    /// <summary>What the exact search found, with everything that scores like the last of it.</summary>
    public HashSet<DocumentId> Truth { get; set; } = [];

    /// <summary>Hits that an answer should have.</summary>
    public int Wanted { get; set; }

    /// <summary>Hits to ask for, to have so many of others.</summary>
    public int Asked(int hits) => Self is null ? hits : hits + 1;

    public Engine.Hit[] Without(IReadOnlyList<Engine.Hit> hits) => [.. hits.Where(hit => Self is not { } self || hit.Id != self)];
}
