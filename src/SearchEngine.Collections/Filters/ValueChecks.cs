using System.Text;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Filters;

/// <summary>Checks the values of conditions against an attribute's type.</summary>
internal static class ValueChecks
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ValueTest OneOf(AttributeSchema attribute, IReadOnlyList<AttributeValue> values, Func<int, string> pathOf)
    {
        for (int i = 0; i < values.Count; i++)
        {
            Single(attribute, values[i], pathOf(i));
        }
        return attribute.Type switch
        {
            AttributeType.Keyword => new KeywordTest(values.Select(static v => v.Keyword)),
            AttributeType.GeoPoint => new PlaceSetTest(values.Select(static v => v.Place)),
            _ => new NumberTest(values.Select(static v => new KeyRange(NumberKey.Of(v), NumberKey.Of(v))), TestKind.Equality),
        };
    }

    /// <summary>One value of the attribute's type, within its limits.</summary>
    public static void Single(AttributeSchema attribute, AttributeValue value, string path)
    {
        if (value.IsNull)
        {
            throw FilterErrors.Missing(path, "The value is not set.", "Set a value; exists asks whether there is one.");
        }
        if (value.IsArray || value.Type != attribute.Type)
        {
            throw FilterErrors.Type(path, attribute, value.IsArray ? "a list" : $"of type {value.Type}");
        }
        switch (value.Type)
        {
            case AttributeType.Float when !double.IsFinite(value.Float):
                throw FilterErrors.Invalid(path, $"The number is {value.Float}.", "Use a finite number.");
            case AttributeType.GeoPoint:
                Place(value.Place, path);
                break;
            case AttributeType.Keyword:
                Keyword(value.Keyword, path);
                break;
        }
    }

    public static void Place(GeoPoint place, string path)
    {
        // Written so that NaN is outside.
        if (!(place.Latitude is >= -90 and <= 90))
        {
            throw FilterErrors.Invalid($"{path}.latitude", $"The latitude is {place.Latitude}.", "Use -90 to 90 degrees.");
        }
        if (!(place.Longitude is >= -180 and <= 180))
        {
            throw FilterErrors.Invalid($"{path}.longitude", $"The longitude is {place.Longitude}.", "Use -180 to 180 degrees.");
        }
    }

    private static void Keyword(string text, string path)
    {
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException damage)
        {
            throw new CollectionException(
                CollectionError.TextEncoding, path, $"The text has half a surrogate pair at position {damage.Index}.",
                "Pass valid Unicode.", damage);
        }
        if (bytes > DocumentBody.MaxKeywordBytes)
        {
            throw FilterErrors.Limit(
                path, $"The keyword has {bytes} bytes: the limit is {DocumentBody.MaxKeywordBytes}.",
                "Use a shorter keyword, for example a hash of it.");
        }
    }
}
