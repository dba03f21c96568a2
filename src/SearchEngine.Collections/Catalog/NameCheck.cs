using System.Text;

namespace SearchEngine.Collections.Catalog;

/// <summary>Names of collections, aliases and snapshots.</summary>
internal static class NameCheck
{
    public const int MaxBytes = 128;

    public static void Validate(string name, string field)
    {
        bool valid = !string.IsNullOrEmpty(name)
            && Encoding.UTF8.GetByteCount(name) <= MaxBytes
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' || (c > 127 && char.IsLetterOrDigit(c)))
            && name[0] != '.';
        if (!valid)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field,
                $"\"{(name is { Length: > 32 } ? name[..32] + "…" : name)}\" is not a name: 1 to {MaxBytes} bytes of letters, digits, "
                + "'-', '_' and '.', not beginning with '.'.",
                "Choose another name.");
        }
    }
}
