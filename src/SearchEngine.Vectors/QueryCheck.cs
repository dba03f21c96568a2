using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>Checks a query and the dimensions asked for, normalises it for cosine and prepares it. One searcher's scratch.</summary>
internal sealed class QueryCheck(Metric metric, int dimension, IReadOnlyList<int> cuts)
{
    private readonly float[] _normalised = new float[dimension];
    private float _wholeUnit = 1f;

    public void Prepare(PreparedQuery prepared, ReadOnlySpan<float> query, in SearchOptions options)
    {
        int walked = CheckedPrefix(options.WalkDimension), rescored = CheckedPrefix(options.RescoreDimension);
        if (rescored < walked)
        {
            throw new ArgumentException($"Rescoring by {rescored} coordinates would undo a walk on {walked}.", nameof(options));
        }
        if (walked < dimension && metric == Metric.L2)
        {
            throw new ArgumentException("L2 walks on all coordinates: the stored corrections hold lengths of whole rows.", nameof(options));
        }
        CheckLimits(options);
        ReadOnlySpan<float> ranked = Checked(query);
        prepared.WholeUnit = _wholeUnit;
        prepared.Prepare(ranked, walked, rescored);
    }

    private static void CheckLimits(in SearchOptions options)
    {
        if (options.Bound is float bound && float.IsNaN(bound))
        {
            throw new ArgumentException("The bound is not a number: no score could be compared with it.", nameof(options));
        }
        if (options.MaxScored < 0 || options.ObserveEvery < 1)
        {
            throw new ArgumentException(
                $"At most {options.MaxScored} rows scored, a look every {options.ObserveEvery} expansions: the first starts at 0 (no "
                + "ceiling), the second at 1.", nameof(options));
        }
    }

    /// <summary>A prefix asked for, or the whole dimension; refuses what was not declared.</summary>
    public int CheckedPrefix(int? wanted)
    {
        if (wanted is not int prefix || prefix == dimension)
        {
            return dimension;
        }
        for (int i = 0; i < cuts.Count; i++)
        {
            if (cuts[i] == prefix)
            {
                return prefix;
            }
        }
        throw new ArgumentException(
            $"{prefix} is no declared prefix: this segment was made for {string.Join(", ", [.. cuts, dimension])} dimensions.");
    }

    /// <summary>The query as rows are ranked by it, valid until the next call.</summary>
    public ReadOnlySpan<float> Checked(ReadOnlySpan<float> query)
    {
        if (query.Length != dimension)
        {
            throw new ArgumentException($"The query has {query.Length} values, rows have {dimension}.", nameof(query));
        }
        float norm = RowNorm.Of(query);
        if (!float.IsFinite(norm))
        {
            throw new ArgumentException("The query has a value that is not finite, or its length overflows.", nameof(query));
        }
        if (metric != Metric.Cosine || norm == 0f)
        {
            return query;
        }
        RowNorm.Divide(query, norm, _normalised);
        _wholeUnit = 1f / norm;
        return _normalised;
    }
}
