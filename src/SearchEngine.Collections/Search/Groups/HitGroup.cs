using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Search.Groups;

/// <summary>The best hits that share a value.</summary>
/// <param name="Hits">The best first, at least one.</param>
public sealed record HitGroup(AttributeValue Value, IReadOnlyList<Hit> Hits);
