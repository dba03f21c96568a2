using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Filters;

/// <summary>What is refused in filters, in words. Paths lead to the condition, as in "filter.must[0].range.at_least".</summary>
internal static class FilterErrors
{
    private const int ShownCharacters = 80;

    public static CollectionException Unknown(string path, string attribute) => new(
        CollectionError.FilterField, $"{path}.attribute", $"There is no attribute \"{Shown(attribute)}\".",
        "Use an attribute of the collection's schema, or add it to the schema.");

    public static CollectionException Unnamed(string path) => new(
        CollectionError.FieldRequired, $"{path}.attribute", "The condition names no attribute.", "Set the name of an attribute.");

    public static CollectionException Type(string path, AttributeSchema attribute, string given) => new(
        CollectionError.FilterType, path, $"The attribute \"{attribute.Name}\" is of type {attribute.Type}, the value is {given}.",
        $"Pass a value of type {attribute.Type}.");

    public static CollectionException Kind(string path, AttributeSchema attribute, string kind, string types) => new(
        CollectionError.FilterType, path, $"The attribute \"{attribute.Name}\" is of type {attribute.Type}, which has no {kind}.",
        $"Use {kind} on attributes of type {types}.");

    public static CollectionException Unindexed(string path, AttributeSchema attribute) => new(
        CollectionError.FilterUnindexed, $"{path}.attribute",
        $"The attribute \"{attribute.Name}\" has the index {attribute.Index}, which does not answer this condition, "
        + "and the collection refuses scans.",
        "Filter on another attribute, or give the attribute the index Auto in a new collection.");

    public static CollectionException Missing(string path, string what, string fix) =>
        new(CollectionError.FieldRequired, path, what, fix);

    public static CollectionException Invalid(string path, string what, string fix) =>
        new(CollectionError.FieldInvalid, path, what, fix);

    public static CollectionException Limit(string path, string what, string fix) =>
        new(CollectionError.LimitExceeded, path, what, fix);

    private static string Shown(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
}
