namespace SearchEngine.Vectors.Graph;

/// <summary>Knows rows near to a row that is to be inserted, from a graph it was in before. Called by several threads at once.</summary>
internal interface IStartRows
{
    /// <param name="ordinal">The row to insert.</param>
    /// <param name="inserted">Every row below is in the graph.</param>
    /// <param name="rows">Receives rows of level 0 that are in the graph.</param>
    /// <returns>How many there are.</returns>
    int Find(uint ordinal, uint inserted, Span<uint> rows);
}
