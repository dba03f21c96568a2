using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Search.Shadow;

/// <summary>What is to be compared, checked.</summary>
internal sealed record ShadowOrder(double Share, uint MostQueries, TimeSpan MostTime, float ReportBelow)
{
    private const float DefaultShare = 0.01f;
    private const uint DefaultQueries = 1_000, MaxQueries = 1_000_000;
    private const ulong DefaultMicros = 3_600_000_000, MaxMicros = 86_400_000_000;

    public static ShadowOrder Read(Wire.CompareShadowRequest request)
    {
        FieldNotServed.Check(request, "", "judgements");
        // Written so that NaN is refused.
        float share = request.Share == 0 ? DefaultShare : request.Share;
        RequireRange(share is > 0 and <= 1, "share", request.Share, "above 0 to 1");
        float below = request.HasReportBelowOverlap ? request.ReportBelowOverlap : 1;
        RequireRange(below is >= 0 and <= 1, "report_below_overlap", below, "0 to 1");
        if (request.MaxQueries > MaxQueries)
        {
            throw Refusal.Limit("max_queries", request.MaxQueries, MaxQueries, "queries", "Compare again for more.");
        }
        if (request.MaxTimeMicros > MaxMicros)
        {
            throw Refusal.Limit("max_time_micros", (long)Math.Min(long.MaxValue, request.MaxTimeMicros), (long)MaxMicros, "us", "Compare again for more.");
        }
        return new ShadowOrder(
            share, request.MaxQueries == 0 ? DefaultQueries : request.MaxQueries,
            TimeSpan.FromMicroseconds(request.MaxTimeMicros == 0 ? DefaultMicros : request.MaxTimeMicros), below);
    }

    /// <summary>Refuses pairs that share no query. Where spaces differ, queries by text remain: they are encoded anew.</summary>
    /// <param name="encodes">Whether texts can be encoded here at all.</param>
    public static void CheckPair(Collection live, Collection shadow, bool encodes)
    {
        foreach (VectorSchema own in live.Schema.Vectors)
        {
            if (shadow.Schema.VectorAt(own.Name) is var at and >= 0)
            {
                VectorSchema other = shadow.Schema.Vectors[at];
                string? space = BoundSpace.Of(own)?.Id, otherSpace = BoundSpace.Of(other)?.Id;
                if (space != otherSpace && !encodes)
                {
                    throw Refusal.Of(
                            Wire.ErrorReason.EncoderMismatch, "shadow_collection",
                            $"Vector \"{own.Name}\" is of space \"{space}\" here and of \"{otherSpace}\" there, and no encoder is connected that could encode texts anew.",
                            "Compare collections of one space, or connect an encoder.")
                        .With(Refusal.ExpectedFact, space ?? "").With(Refusal.ActualFact, otherSpace ?? "");
                }
                if (space == otherSpace && own.Dimension != other.Dimension)
                {
                    throw Refusal.Of(
                        Wire.ErrorReason.DimensionMismatch, "shadow_collection",
                        $"Vector \"{own.Name}\" has {own.Dimension} dimensions here and {other.Dimension} there.", "Compare collections of one dimension.",
                        Refusal.Number(own.Dimension), Refusal.Number(other.Dimension));
                }
            }
        }
    }

    private static void RequireRange(bool holds, string field, float actual, string limit)
    {
        if (!holds)
        {
            string number = actual.ToString(System.Globalization.CultureInfo.InvariantCulture);
            throw Refusal.Of(Wire.ErrorReason.LimitExceeded, field, $"{field} is {number}; {limit} is possible.", "Use a value in the range.", actual: number, limit: limit);
        }
    }
}
