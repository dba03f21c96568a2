using SearchEngine.Collections.Schema;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Sweeping;

/// <summary>A sweep of the contract, checked: every combination that means something, and nothing else.</summary>
internal sealed record SweepOrder
{
    private const int MaxDimensions = 16;
    private const int MaxCodes = 8;
    private const int MaxBreadths = 32;

    /// <summary>Each takes as many searches as there are queries, several times over.</summary>
    private const int MaxPoints = 1_024;
    private const int MaxHits = 1_000;
    private const int DefaultQueries = 1_000;
    private const int LeastQueries = 100;
    private const int MostQueries = 100_000;
    private const int DefaultRepeats = 3;
    private const int MostRepeats = 100;

    private static readonly uint[] DefaultBreadths = [16, 32, 64, 128, 256, 512];

    public required VectorSchema Vector { get; init; }

    public required IReadOnlyList<SweepSetting> Settings { get; init; }

    public required int Hits { get; init; }

    public required int Queries { get; init; }

    public required int Repeats { get; init; }

    public required Wire.Filter? Filter { get; init; }

    /// <summary>Null for queries from the collection itself.</summary>
    public required JudgementSet? Judgements { get; init; }

    public static SweepOrder Read(Wire.SweepRequest request, ServerState server, CallContext context)
    {
        VectorSchema vector = VectorOf(request.VectorName, context.Schema);
        int[] walks = Dimensions(request.WalkDimensions, [.. vector.PrefixDimensions, vector.Dimension], vector, "walk_dimensions");
        int[] rescores = Dimensions(request.RescoreDimensions, [vector.Dimension], vector, "rescore_dimensions");
        Wire.WalkCode[] codes = Codes(request.WalkCodes);
        int[] breadths = Breadths(request.Breadths);
        SweepSetting[] settings = [.. Combinations(walks, rescores, codes, breadths, vector).Distinct()];
        if (settings.Length > MaxPoints)
        {
            throw Refusal.Limit("walk_dimensions", settings.Length, MaxPoints, "combinations", "Sweep fewer values at once.");
        }
        if (settings.Length == 0)
        {
            throw Refusal.Invalid("rescore_dimensions", "Every walk has more dimensions than every rescoring.", "Rescore with at least as many dimensions as are walked.");
        }
        FilterMap.Read(request.Filter, "filter");
        return new SweepOrder
        {
            Vector = vector,
            Settings = settings,
            Hits = Within(request.K, SearchLimits.DefaultHits, 1, MaxHits, "k"),
            Queries = Within(request.Queries, DefaultQueries, LeastQueries, MostQueries, "queries"),
            Repeats = Within(request.Repeats, DefaultRepeats, 1, MostRepeats, "repeats"),
            Filter = request.Filter,
            Judgements = request.Judgements.Length == 0 ? null : new JudgementCalls(server).Find(context, request.Judgements).Set,
        };
    }

    private static VectorSchema VectorOf(string name, CollectionSchema schema)
    {
        int at = name.Length == 0 ? Math.Min(0, schema.Vectors.Count - 1) : schema.VectorAt(name);
        return at >= 0 ? schema.Vectors[at] : throw Names.UnknownVector(name, schema, "vector_name");
    }

    // Prefixes are walked on int8 codes whatever is asked for, and rescoring by less than was walked would lose what the walk saw.
    private static IEnumerable<SweepSetting> Combinations(int[] walks, int[] rescores, Wire.WalkCode[] codes, int[] breadths, VectorSchema vector) =>
        from walk in walks
        from rescore in rescores
        where rescore >= walk
        from code in codes
        from breadth in breadths
        select new SweepSetting(walk, rescore, walk < vector.Dimension ? Wire.WalkCode.Int8 : code, breadth);

    private static int[] Dimensions(IReadOnlyList<uint> asked, int[] unset, VectorSchema vector, string field)
    {
        AtMost(asked.Count, MaxDimensions, field);
        for (int i = 0; i < asked.Count; i++)
        {
            if (asked[i] != vector.Dimension && !vector.PrefixDimensions.Contains((int)Math.Min(asked[i], int.MaxValue)))
            {
                string allowed = string.Join(", ", vector.PrefixDimensions.Append(vector.Dimension));
                throw Refusal.Of(
                        Wire.ErrorReason.DimensionNotAllowed, $"{field}[{i}]", $"{asked[i]} is not a dimension of vector \"{vector.Name}\".", $"Use one of {allowed}.",
                        allowed, Refusal.Number(asked[i]))
                    .With("allowed", allowed);
            }
        }
        return asked.Count == 0 ? unset : [.. asked.Select(static dimension => (int)dimension)];
    }

    private static Wire.WalkCode[] Codes(IReadOnlyList<Wire.WalkCode> asked)
    {
        AtMost(asked.Count, MaxCodes, "walk_codes");
        for (int i = 0; i < asked.Count; i++)
        {
            FieldNotServed.When(asked[i] == Wire.WalkCode.None, $"walk_codes[{i}]");
            if (!Enum.IsDefined(asked[i]))
            {
                throw Refusal.Invalid($"walk_codes[{i}]", "There is no such code.", "Use a value of WalkCode.", Refusal.Number((int)asked[i]));
            }
        }
        return asked.Count == 0 ? [Wire.WalkCode.Auto] : [.. asked.Select(static code => code == 0 ? Wire.WalkCode.Auto : code)];
    }

    private static int[] Breadths(IReadOnlyList<uint> asked)
    {
        AtMost(asked.Count, MaxBreadths, "breadths");
        for (int i = 0; i < asked.Count; i++)
        {
            Within(asked[i], 1, 1, SearchLimits.MaxBreadth, $"breadths[{i}]");
            if (asked[i] == 0)
            {
                throw Refusal.Invalid($"breadths[{i}]", "A walk of breadth 0 finds nothing.", "Use 1 or more.", "0");
            }
        }
        return [.. (asked.Count == 0 ? DefaultBreadths : asked).Select(static breadth => (int)breadth)];
    }

    private static void AtMost(int count, int most, string field)
    {
        if (count > most)
        {
            throw Refusal.Limit(field, count, most, "values", "Sweep fewer values at once.");
        }
    }

    private static int Within(uint asked, int unset, int least, int most, string field) => asked == 0 ? unset
        : asked >= least && asked <= most ? (int)asked
        : throw Refusal.Of(
            Wire.ErrorReason.LimitExceeded, field, $"{field} is {asked}: {least} to {most} are possible.", "Use a value in this range.",
            actual: Refusal.Number(asked), limit: $"{least} to {most}");
}
