using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Search;

/// <summary>A search by one vector.</summary>
public sealed record SearchRequest : QueryRequest
{
    public const int MaxHits = 10_000;
    public const int MaxWindow = 50_000;
    public const int MaxBreadth = 100_000;
    public static readonly TimeSpan MaxTime = TimeSpan.FromHours(1);

    /// <summary>The vector to search; null means the first of the schema.</summary>
    public string? VectorName { get; init; }

    /// <summary>As many values as the vector's dimension, or as one of its prefixes.</summary>
    public required ReadOnlyMemory<float> Query { get; init; }

    /// <summary>How carefully to search; null takes the collection's setting.</summary>
    public Accuracy? Accuracy { get; init; }

    /// <summary>Matryoshka: walk on this declared prefix; null walks on the whole vector.</summary>
    public int? WalkDimension { get; init; }

    /// <summary>Matryoshka: final scores from this declared prefix; null takes the whole vector.</summary>
    public int? RescoreDimension { get; init; }

    /// <summary>What to walk by; null takes the schema's, or the segment's own choice. Ignored by segments that do not have it, and by
    /// walks on a prefix.</summary>
    public WalkCode? WalkCode { get; init; }

    /// <summary>Candidates rescored from stored vectors per hit; null lets the segment choose.</summary>
    public float? Oversampling { get; init; }

    /// <summary>Scores and order are those of the codes, stored vectors are not read: see <see cref="Vectors.SearchOptions.ByCodes"/>.
    /// Exact searches ignore it.</summary>
    public bool ByCodes { get; init; }

    /// <summary>Only hits whose score is at least this.</summary>
    public float? MinScore { get; init; }

    /// <summary>Rows scored, over all segments, after which the search ends with the best so far; 0 sets no ceiling.</summary>
    public int MaxScored { get; init; }

    /// <summary>Time after which the search ends with the best so far; null sets no limit. The filter is evaluated whole in any
    /// case.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>For calibrations: the margin to search with, whatever the target.</summary>
    internal float? TrialMargin { get; init; }

    internal override HitWindow Window => base.Window with { MinScore = MinScore };

    internal override SearchLimits Limits => new(MaxScored, TimeBudget);
}
