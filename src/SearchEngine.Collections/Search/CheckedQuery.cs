using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Search;

/// <summary>A query that was checked against the schema: which vector it searches, with which coordinates, from and to which
/// prefix.</summary>
internal sealed record CheckedQuery(
    int Vector, VectorSchema Schema, ReadOnlyMemory<float> Values, int? WalkDimension, int? RescoreDimension)
{
    public static CheckedQuery Of(CollectionSchema schema, SearchRequest request)
    {
        Limits(request);
        int vector = Position(schema, request.VectorName);
        VectorSchema declared = schema.Vectors[vector];
        int given = request.Query.Length;
        if (given != declared.Dimension && !declared.PrefixDimensions.Contains(given))
        {
            throw new CollectionException(
                CollectionError.DimensionMismatch, "query",
                $"The query has {given} dimensions, vector \"{declared.Name}\" has {declared.Dimension}{Prefixes(declared)}.",
                "Query with vectors of the collection's encoder.");
        }
        int? rescore = Prefix(declared, request.RescoreDimension, given, "rescore_dimension");
        // A walk on more coordinates than the scores are made of would be wasted.
        int? walk = Prefix(declared, request.WalkDimension, given, "walk_dimension") ?? rescore;
        if (walk > (rescore ?? declared.Dimension))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "walk_dimension",
                $"Walking on {walk} dimensions and rescoring by {rescore} would lose what the walk saw.",
                "Rescore by at least as many dimensions.");
        }
        VectorCheck.Values(declared.Metric, request.Query.Span, "query");
        ReadOnlyMemory<float> values = request.Query;
        if (given < declared.Dimension)
        {
            // The missing coordinates are not read: walk and rescoring stay within the prefix.
            var padded = new float[declared.Dimension];
            request.Query.Span.CopyTo(padded);
            values = padded;
        }
        return new CheckedQuery(vector, declared, values, walk, rescore);
    }

    private static void Limits(SearchRequest request)
    {
        request.Window.Check();
        if (request.Accuracy is { Breadth: < 0 or > SearchRequest.MaxBreadth })
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "accuracy.breadth",
                $"Breadth {request.Accuracy.Value.Breadth}: 1 to {SearchRequest.MaxBreadth} are possible.", "Search exactly instead.");
        }
        if (request.Accuracy?.TargetRecall is float target && target is not (> 0 and < 1))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "accuracy.target_recall", $"Target recall {target}: it lies above 0 and below 1.",
                "For 1, search exactly.");
        }
        if (request.Oversampling is float oversampling && oversampling is not (>= 1 and <= 1000))
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "oversampling", $"Oversampling {oversampling}: 1 to 1,000 are possible.",
                "Use a smaller factor.");
        }
        if (request.MaxScored < 0)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "max_scored", $"A ceiling of {request.MaxScored} rows.", "Use 0 for no ceiling.");
        }
        if (request.TimeBudget is { } budget && (budget <= TimeSpan.Zero || budget > SearchRequest.MaxTime))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "time_budget",
                $"A time budget of {budget}: more than nothing, at most {SearchRequest.MaxTime} is possible.",
                "Leave it out for no limit.");
        }
    }

    /// <exception cref="CollectionException">There is none of that name, or none at all.</exception>
    public static int Position(CollectionSchema schema, string? name)
    {
        int at = name is null ? 0 : schema.VectorAt(name);
        if (at < 0 || schema.Vectors.Count == 0)
        {
            throw new CollectionException(
                CollectionError.VectorUnknown, "vector_name", $"The collection has no vector {(name is null ? "at all" : $"\"{name}\"")}.",
                schema.Vectors.Count == 0
                ? "Search its texts."
                : $"Its vectors are {string.Join(", ", schema.Vectors.Select(v => v.Name))}.");
        }
        return at;
    }

    private static int? Prefix(VectorSchema declared, int? asked, int given, string field)
    {
        if (asked is int dimension && dimension != declared.Dimension && !declared.PrefixDimensions.Contains(dimension))
        {
            throw new CollectionException(
                CollectionError.DimensionNotAllowed, field,
                $"{dimension} is not a declared dimension of vector \"{declared.Name}\": {declared.Dimension}{Prefixes(declared)}.",
                "Use a declared one, or declare it when the collection is made.");
        }
        if (asked > given)
        {
            throw new CollectionException(
                CollectionError.DimensionMismatch, field, $"{asked} dimensions are asked for, the query has {given}.",
                "Send the whole query vector.");
        }
        int? least = asked ?? (given < declared.Dimension ? given : null);
        return least == declared.Dimension ? null : least;
    }

    private static string Prefixes(VectorSchema declared) =>
        declared.PrefixDimensions.Count == 0 ? "" : $" and allows {string.Join(", ", declared.PrefixDimensions)}";
}
