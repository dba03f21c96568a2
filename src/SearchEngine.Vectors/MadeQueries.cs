namespace SearchEngine.Vectors;

/// <summary>
/// Queries to tune with where the caller has none: a row moved by the difference of two neighbours from elsewhere, since a
/// stored row, or a point between two, is a far easier query than users ask.
/// </summary>
public static class MadeQueries
{
    /// <summary>How much of the difference between a row and its twentieth neighbour moves another row.</summary>
    private const float Step = 1.0f;
    private const int StepNeighbour = 20;
    private const int Breadth = 100;

    public delegate void RowReading(uint ordinal, Span<float> row);

    public delegate int Searching(ReadOnlySpan<float> query, in SearchOptions options, Span<Candidate> hits);

    /// <param name="rows">Ordinals of rows to choose from.</param>
    public static float[][] Make(int most, IReadOnlyList<uint> rows, int dimension, RowReading read, Searching search)
    {
        int count = Math.Min(most, rows.Count);
        var queries = new float[count][];
        var neighbours = new Candidate[StepNeighbour];
        var near = new float[dimension];
        var far = new float[dimension];
        for (int i = 0; i < count; i++)
        {
            int at = (int)((long)i * rows.Count / count);
            var query = new float[dimension];
            read(rows[at], query);
            read(rows[(at + rows.Count / 2) % rows.Count], near);
            int found = search(near, new SearchOptions { Breadth = Breadth }, neighbours);
            read(neighbours[found - 1].Ordinal, far);
            for (int j = 0; j < query.Length; j++)
            {
                query[j] += Step * (far[j] - near[j]);
            }
            queries[i] = query;
        }
        return queries;
    }
}
