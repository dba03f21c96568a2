using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Filters;

/// <summary>Checks single conditions against a schema and turns them into nodes.</summary>
internal sealed class ConditionCompiler(CollectionSchema schema, UnindexedFilter unindexed)
{
    public bool NeedsScan { get; private set; }

    /// <param name="condition">Not a nested filter.</param>
    /// <param name="path">Of the condition; the kind is appended.</param>
    public FilterNode Compile(Condition condition, string path) => condition switch
    {
        Condition.EqualTo equal => EqualTo(equal, $"{path}.equal_to"),
        Condition.AnyOf any => AnyOf(any, $"{path}.any_of"),
        Condition.Range range => Range(range, $"{path}.range"),
        Condition.WithinRadius radius => WithinRadius(radius, $"{path}.geo_radius"),
        Condition.WithinBox box => WithinBox(box, $"{path}.geo_box"),
        Condition.Exists exists => Exists(exists, $"{path}.exists"),
        Condition.IdIn ids => IdIn(ids, $"{path}.ids"),
        _ => throw new ArgumentException($"{condition.GetType()} is no kind of condition.", nameof(condition)),
    };

    private FilterNode EqualTo(Condition.EqualTo condition, string path)
    {
        int position = Position(condition.Attribute, path);
        ValueTest test = ValueChecks.OneOf(schema.Attributes[position], [condition.Value], _ => $"{path}.value");
        return Node(position, test, path);
    }

    private FilterNode AnyOf(Condition.AnyOf condition, string path)
    {
        int position = Position(condition.Attribute, path);
        CheckCount(condition.Values.Count, path, "values");
        ValueTest test = ValueChecks.OneOf(schema.Attributes[position], condition.Values, i => $"{path}.values[{i}]");
        return Node(position, test, path);
    }

    private FilterNode Range(Condition.Range condition, string path)
    {
        int position = Position(condition.Attribute, path);
        return Node(position, new NumberTest(RangeChecks.Keys(schema.Attributes[position], condition, path), TestKind.Order), path);
    }

    private FilterNode WithinRadius(Condition.WithinRadius condition, string path)
    {
        int position = PlacePosition(condition.Attribute, path, "distances");
        ValueChecks.Place(condition.Center, $"{path}.center");
        if (!double.IsFinite(condition.RadiusMeters) || condition.RadiusMeters <= 0)
        {
            throw FilterErrors.Invalid(
                $"{path}.radius_meters", $"The radius is {condition.RadiusMeters} m.", "Use a finite radius above 0.");
        }
        return Node(position, new ShapeTest(new GeoCircle(GeoPlace.Canonical(condition.Center), condition.RadiusMeters)), path);
    }

    private FilterNode WithinBox(Condition.WithinBox condition, string path)
    {
        int position = PlacePosition(condition.Attribute, path, "boxes");
        ValueChecks.Place(condition.SouthWest, $"{path}.south_west");
        ValueChecks.Place(condition.NorthEast, $"{path}.north_east");
        if (condition.NorthEast.Latitude < condition.SouthWest.Latitude)
        {
            throw FilterErrors.Invalid(
                $"{path}.north_east.latitude",
                $"The northern border {condition.NorthEast.Latitude} lies south of the southern one, {condition.SouthWest.Latitude}.",
                "Swap the corners.");
        }
        return Node(position, new ShapeTest(new GeoBox(condition.SouthWest, condition.NorthEast)), path);
    }

    private AttributeNode Exists(Condition.Exists condition, string path)
    {
        int position = Position(condition.Attribute, path);
        CheckIndex(schema.Attributes[position], null, path);
        return new AttributeNode(position, null);
    }

    private static FilterNode IdIn(Condition.IdIn condition, string path)
    {
        CheckCount(condition.Ids.Count, path, "ids");
        return condition.Ids.Count == 0 ? ConstantNode.None : new IdNode(condition.Ids);
    }

    private FilterNode Node(int position, ValueTest test, string path)
    {
        CheckIndex(schema.Attributes[position], test.Kind, path);
        return FilterForm.Attribute(position, test);
    }

    private int PlacePosition(string attribute, string path, string kind)
    {
        int position = Position(attribute, path);
        return schema.Attributes[position].Type == AttributeType.GeoPoint
            ? position
            : throw FilterErrors.Kind(path, schema.Attributes[position], kind, nameof(AttributeType.GeoPoint));
    }

    private int Position(string attribute, string path)
    {
        if (string.IsNullOrEmpty(attribute))
        {
            throw FilterErrors.Unnamed(path);
        }
        int position = schema.AttributeAt(attribute);
        return position >= 0 ? position : throw FilterErrors.Unknown(path, attribute);
    }

    private void CheckIndex(AttributeSchema attribute, TestKind? kind, string path)
    {
        if (IndexPromise.Answers(attribute, kind))
        {
            return;
        }
        NeedsScan = unindexed == UnindexedFilter.Scan ? true : throw FilterErrors.Unindexed(path, attribute);
    }

    private static void CheckCount(int count, string path, string what)
    {
        if (count > Filter.MaxValues)
        {
            throw FilterErrors.Limit(path, $"{count} {what}: the limit is {Filter.MaxValues}.", "Send several requests.");
        }
    }
}
