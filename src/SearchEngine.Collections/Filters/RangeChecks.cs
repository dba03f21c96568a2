using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Filters;

/// <summary>Turns the bounds of a range into keys.</summary>
internal static class RangeChecks
{
    /// <summary>One range, or none where no number lies between the bounds.</summary>
    public static KeyRange[] Keys(AttributeSchema attribute, Condition.Range condition, string path)
    {
        if (attribute.Type is not (AttributeType.Integer or AttributeType.Float or AttributeType.Timestamp))
        {
            throw FilterErrors.Kind(path, attribute, "ranges", "Integer, Float or Timestamp");
        }
        if (condition.Above.IsNull && condition.AtLeast.IsNull && condition.Below.IsNull && condition.AtMost.IsNull)
        {
            throw FilterErrors.Missing(path, "The range has no bound.", "Set one bound; exists asks whether there is a value.");
        }
        CheckExclusive(condition.Above, condition.AtLeast, path, "above", "at_least");
        CheckExclusive(condition.Below, condition.AtMost, path, "below", "at_most");

        long? low = Key(attribute, condition.AtLeast, $"{path}.at_least");
        long? high = Key(attribute, condition.AtMost, $"{path}.at_most");
        if (Key(attribute, condition.Above, $"{path}.above") is { } above)
        {
            if (above == long.MaxValue)
            {
                return [];
            }
            low = above + 1;
        }
        if (Key(attribute, condition.Below, $"{path}.below") is { } below)
        {
            if (below == long.MinValue)
            {
                return [];
            }
            high = below - 1;
        }
        var range = new KeyRange(low ?? long.MinValue, high ?? long.MaxValue);
        return range.Low <= range.High ? [range] : [];
    }

    private static void CheckExclusive(AttributeValue open, AttributeValue closed, string path, string openName, string closedName)
    {
        if (!open.IsNull && !closed.IsNull)
        {
            throw FilterErrors.Invalid(
                $"{path}.{openName}", $"Both {openName} and {closedName} are set.", "Set one of the two.");
        }
    }

    private static long? Key(AttributeSchema attribute, AttributeValue bound, string path)
    {
        if (bound.IsNull)
        {
            return null;
        }
        ValueChecks.Single(attribute, bound, path);
        return NumberKey.Of(bound);
    }
}
