using System.Globalization;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>How carefully to search.</summary>
internal static class AccuracyMap
{
    /// <returns>Null for the collection's default.</returns>
    public static Engine.Accuracy? Read(Wire.Accuracy? accuracy)
    {
        switch (accuracy?.KindCase)
        {
            case Wire.Accuracy.KindOneofCase.Exact:
                return Engine.Accuracy.Exact;
            case Wire.Accuracy.KindOneofCase.Breadth:
                if (accuracy.Breadth is 0 or > SearchLimits.MaxBreadth)
                {
                    throw Refusal.Of(
                        Wire.ErrorReason.LimitExceeded, "accuracy.breadth", $"The breadth is {accuracy.Breadth}, 1 to {SearchLimits.MaxBreadth} are possible.",
                        "Search exactly instead.", actual: Refusal.Number(accuracy.Breadth), limit: $"1 to {SearchLimits.MaxBreadth}");
                }
                return Engine.Accuracy.OfBreadth((int)accuracy.Breadth);
            case Wire.Accuracy.KindOneofCase.TargetRecall:
                if (accuracy.TargetRecall is not (>= SearchLimits.LeastTarget and <= SearchLimits.MostTarget))
                {
                    throw Refusal.Invalid(
                        "accuracy.target_recall", "A target recall lies between 0.5 and 0.999.", "For 1, search exactly.",
                        accuracy.TargetRecall.ToString(CultureInfo.InvariantCulture), "0.5 to 0.999");
                }
                return Engine.Accuracy.OfRecall(accuracy.TargetRecall);
            default:
                return null;
        }
    }
}
