using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search.Groups;

/// <summary>The attribute whose values make groups: what can be one, the filters of rounds, and the value of a hit.</summary>
internal sealed class GroupAttribute
{
    private const string Path = "grouping.attribute";

    private readonly string _name;
    private readonly Filter _filter;
    private readonly DocumentReader _reader;

    private GroupAttribute(View view, string name, Filter filter)
    {
        _name = name;
        _filter = filter;
        _reader = new DocumentReader(view, new DocumentParts { Attributes = [name], Texts = [], Vectors = [] });
    }

    /// <param name="filter">Of the search.</param>
    /// <exception cref="CollectionException">The schema has no such attribute, or it cannot be grouped by.</exception>
    public static GroupAttribute Of(View view, HitGrouping grouping, Filter filter, UnindexedFilter unindexed)
    {
        if (string.IsNullOrEmpty(grouping.Attribute))
        {
            throw new CollectionException(
                CollectionError.FieldRequired, Path, "The grouping names no attribute.", "Set the name of a keyword or integer attribute.");
        }
        int at = view.Schema.AttributeAt(grouping.Attribute);
        if (at < 0)
        {
            throw new CollectionException(
                CollectionError.FilterField, Path, $"There is no attribute \"{grouping.Attribute}\".",
                "Group by an attribute of the collection's schema, or add it to the schema.");
        }
        AttributeSchema attribute = view.Schema.Attributes[at];
        if (attribute.IsArray || attribute.Type is not (AttributeType.Keyword or AttributeType.Integer))
        {
            throw new CollectionException(
                CollectionError.FilterType, Path,
                $"The attribute \"{attribute.Name}\" is {(attribute.IsArray ? "an array" : "one value")} of type {attribute.Type}; groups are made by one keyword or integer.",
                "Group by a single-valued keyword or integer attribute.");
        }
        if (unindexed == UnindexedFilter.Refuse && !IndexPromise.Answers(attribute, null))
        {
            throw new CollectionException(
                CollectionError.FilterUnindexed, Path,
                $"The attribute \"{attribute.Name}\" has the index {attribute.Index}, and the collection refuses scans.",
                "Group by another attribute, or give the attribute the index Auto in a new collection.");
        }
        return new GroupAttribute(view, attribute.Name, filter);
    }

    /// <summary>Matches with a value that is none of these.</summary>
    public Filter Except(AttributeValue[] values) => _filter with
    {
        Must = [.. _filter.Must, new Condition.Exists(_name)],
        MustNot = [.. _filter.MustNot, new Condition.AnyOf(_name, values)],
    };

    /// <summary>Matches with one of these values.</summary>
    public Filter Among(AttributeValue[] values) => _filter with { Must = [.. _filter.Must, new Condition.AnyOf(_name, values)] };

    /// <param name="hit">Of a search with one of the filters: it has a value.</param>
    public AttributeValue ValueOf(in Hit hit) => _reader.Read(hit.Row).Attributes[_name];
}
