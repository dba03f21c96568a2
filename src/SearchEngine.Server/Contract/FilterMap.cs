using Google.Protobuf.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;

namespace SearchEngine.Server.Contract;

/// <summary>Filters of the contract as filters of the engine. Counts and depth are checked here; names and types by the engine.</summary>
internal static class FilterMap
{
    /// <param name="filter">Null matches everything.</param>
    /// <param name="path">Of the filter within the request, as in "filter".</param>
    public static Filter Read(Wire.Filter? filter, string path)
    {
        if (filter is null)
        {
            return Filter.All;
        }
        int conditions = 0;
        return Read(filter, path, 1, ref conditions);
    }

    private static Filter Read(Wire.Filter filter, string path, int depth, ref int conditions)
    {
        if (depth > Filter.MaxDepth)
        {
            throw Refusal.Limit(path, depth, Filter.MaxDepth, "levels", "Flatten the filter.");
        }
        conditions += filter.Must.Count + filter.Should.Count + filter.MustNot.Count;
        if (conditions > Filter.MaxConditions)
        {
            throw Refusal.Limit(path, conditions, Filter.MaxConditions, "conditions", "Use any_of for alternatives of one attribute, or fewer conditions.");
        }
        if (filter.MinShould > filter.Should.Count)
        {
            throw Refusal.Invalid(
                $"{path}.min_should", $"{filter.MinShould} of {filter.Should.Count} conditions are to hold.", "Use 0 to the number of conditions in should.",
                Refusal.Number(filter.MinShould), Refusal.Number(filter.Should.Count));
        }
        return new Filter
        {
            Must = ReadAll(filter.Must, $"{path}.must", depth, ref conditions),
            Should = ReadAll(filter.Should, $"{path}.should", depth, ref conditions),
            MustNot = ReadAll(filter.MustNot, $"{path}.must_not", depth, ref conditions),
            MinShould = (int)filter.MinShould,
        };
    }

    private static Condition[] ReadAll(RepeatedField<Wire.Condition> conditions, string path, int depth, ref int count)
    {
        var read = new Condition[conditions.Count];
        for (int i = 0; i < read.Length; i++)
        {
            string at = $"{path}[{i}]";
            read[i] = conditions[i].KindCase == Wire.Condition.KindOneofCase.Filter
                ? new Condition.Matches(Read(conditions[i].Filter, $"{at}.filter", depth + 1, ref count))
                : Read(conditions[i], at);
        }
        return read;
    }

    private static Condition Read(Wire.Condition condition, string path)
    {
        switch (condition.KindCase)
        {
            case Wire.Condition.KindOneofCase.EqualTo:
                return new Condition.EqualTo(
                    condition.EqualTo.Attribute, ValueMap.Read(condition.EqualTo.Value, null, $"{path}.equal_to.value"));
            case Wire.Condition.KindOneofCase.AnyOf:
                return AnyOf(condition.AnyOf, $"{path}.any_of");
            case Wire.Condition.KindOneofCase.Range:
                Wire.RangeCondition range = condition.Range;
                return new Condition.Range(
                    range.Attribute,
                    Bound(range.Above, $"{path}.range.above"), Bound(range.AtLeast, $"{path}.range.at_least"),
                    Bound(range.Below, $"{path}.range.below"), Bound(range.AtMost, $"{path}.range.at_most"));
            case Wire.Condition.KindOneofCase.GeoRadius:
                return new Condition.WithinRadius(
                    condition.GeoRadius.Attribute, Place(condition.GeoRadius.Center, $"{path}.geo_radius.center"), condition.GeoRadius.RadiusMeters);
            case Wire.Condition.KindOneofCase.GeoBox:
                return new Condition.WithinBox(
                    condition.GeoBox.Attribute, Place(condition.GeoBox.SouthWest, $"{path}.geo_box.south_west"),
                    Place(condition.GeoBox.NorthEast, $"{path}.geo_box.north_east"));
            case Wire.Condition.KindOneofCase.Exists:
                return new Condition.Exists(condition.Exists.Attribute);
            case Wire.Condition.KindOneofCase.Ids:
                return new Condition.IdIn(IdMap.Read(condition.Ids, $"{path}.ids"));
            default:
                throw Refusal.Required(path, "Set exactly one kind of condition.");
        }
    }

    private static Condition.AnyOf AnyOf(Wire.AnyOfCondition any, string path)
    {
        if (any.Keywords.Count > 0 && any.Integers.Count > 0)
        {
            throw Refusal.Invalid($"{path}.integers", "Both keywords and integers are set.", "Set the list of the attribute's type.");
        }
        int count = any.Keywords.Count + any.Integers.Count;
        if (count > Filter.MaxValues)
        {
            throw Refusal.Limit(path, count, Filter.MaxValues, "values", "Send several requests.");
        }
        return new Condition.AnyOf(
            any.Attribute,
            any.Keywords.Count > 0
                ? [.. any.Keywords.Select(AttributeValue.OfKeyword)]
                : [.. any.Integers.Select(AttributeValue.OfInteger)]);
    }

    private static AttributeValue Bound(Wire.Value? bound, string path) => bound is null ? default : ValueMap.Read(bound, null, path);

    private static GeoPoint Place(Wire.GeoPoint? place, string path) =>
        place is null ? throw Refusal.Required(path, "Set latitude and longitude.") : ValueMap.Read(place);
}
