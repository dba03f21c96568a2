using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Documents;

/// <summary>The typed errors of attributes and texts, so that each is worded once.</summary>
internal static class BodyErrors
{
    public static CollectionException Unknown(string field) => new(
        CollectionError.AttributeUnknown, field, $"The schema has no {field}.",
        "Use a name of the schema, or add it to the schema first.");

    public static CollectionException UnknownSparse(string name) => new(
        CollectionError.VectorUnknown, $"vectors.{name}", $"The collection has no sparse vector \"{name}\".", "Use the names of the schema.");

    public static CollectionException WrongType(string field, AttributeSchema attribute, AttributeValue value) => new(
        CollectionError.AttributeType, field,
        $"{field} is {Describe(attribute.Type, attribute.IsArray)} in the schema, the value is {Describe(value.Type, value.IsArray)}.",
        "Send a value of the schema's type.");

    public static CollectionException Required(string field) => new(
        CollectionError.FieldRequired, field, $"{field} is required and has no value.", "Send a value for it.");

    public static CollectionException NotFinite(string field, double value) => new(
        CollectionError.FieldInvalid, field, $"{field} is {value}; stored numbers are finite.", "Leave the attribute out instead.");

    public static CollectionException OffTheGlobe(string field, GeoPoint place) => new(
        CollectionError.FieldInvalid, field,
        $"{field} is {place}; latitudes are -90 to 90 and longitudes -180 to 180 degrees.", "Check the order of latitude and longitude.");

    public static CollectionException NotText(string field) => new(
        CollectionError.TextEncoding, field, $"{field} has an unpaired surrogate, so it is not valid text.",
        "Decode the source with its right encoding before it is sent.");

    public static CollectionException KeywordTooLong(string field) => new(
        CollectionError.LimitExceeded, field, $"{field} has a keyword of more than {DocumentBody.MaxKeywordBytes} bytes of UTF-8.",
        "Store long text in a text field, or a hash of it as the keyword.");

    public static CollectionException ArrayTooLong(string field, int count) => new(
        CollectionError.LimitExceeded, field, $"{field} has {count} values, at most {DocumentBody.MaxArrayItems} are possible.",
        "Keep those that are filtered by.");

    public static CollectionException AttributesTooLarge(string field) => new(
        CollectionError.LimitExceeded, field,
        $"The attributes of a document take at most {DocumentBody.MaxAttributeBytes} bytes; with {field} they take more.",
        "Shorten them, or store long text in a text field.");

    public static CollectionException TextTooLarge(string field) => new(
        CollectionError.LimitExceeded, field, $"{field} has more than {DocumentBody.MaxTextBytes} bytes of UTF-8.",
        "Split the text into several documents.");

    private static string Describe(AttributeType type, bool isArray) => isArray ? $"an array of {type}" : $"a single {type}";
}
