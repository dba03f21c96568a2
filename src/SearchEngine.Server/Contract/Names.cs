using System.Text;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;

namespace SearchEngine.Server.Contract;

/// <summary>Names as the contract allows them, and lists of names as facts of errors.</summary>
internal static class Names
{
    public const int MaxCollectionBytes = 128;
    public const int MaxPartBytes = 64;

    // A list of names travels in metadata, which is small.
    private const int MaxListed = 512;

    /// <summary>Letters, digits, "_", "-" and ".", beginning with a letter or digit.</summary>
    public static void Check(string name, int maxBytes, string path)
    {
        if (name.Length == 0)
        {
            throw Refusal.Required(path, "Set a name.");
        }
        int bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes > maxBytes)
        {
            throw Refusal.Limit(path, bytes, maxBytes, "bytes", "Choose a shorter name.");
        }
        if (!char.IsLetterOrDigit(name[0]) || !name.All(static c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            throw Refusal.Invalid(
                path, "A name has letters, digits, '_', '-' and '.', and begins with a letter or digit.", "Choose another name.", name);
        }
    }

    public static RpcException UnknownAttribute(string name, CollectionSchema schema, string path) => WithAttributes(
        Refusal.Of(
            Wire.ErrorReason.AttributeUnknown, path, $"The collection has no attribute \"{Refusal.Shown(name)}\".",
            "Use a name of the schema, or add the attribute first.", actual: name),
        schema);

    public static RpcException UnknownText(string name, CollectionSchema schema, string path) => Refusal.Of(
            Wire.ErrorReason.AttributeUnknown, path, $"The collection has no text field \"{Refusal.Shown(name)}\".",
            "Use a name of the schema.", actual: name)
        .With("attributes", List(schema.Texts.Select(static t => t.Name)));

    public static RpcException UnknownVector(string name, CollectionSchema schema, string path) => WithVectors(
        Refusal.Of(
            Wire.ErrorReason.VectorUnknown, path, $"The collection has no vector \"{Refusal.Shown(name)}\".", "Use a name of the schema.", actual: name),
        schema);

    /// <summary>The named vector, or the first where none is named.</summary>
    public static VectorSchema VectorOf(CollectionSchema schema, string name, string path)
    {
        int at = name.Length == 0 ? Math.Min(0, schema.Vectors.Count - 1) : schema.VectorAt(name);
        return at >= 0 ? schema.Vectors[at] : throw UnknownVector(name, schema, path);
    }

    public static RpcException WithAttributes(RpcException error, CollectionSchema schema) =>
        error.With("attributes", List(schema.Attributes.Select(static a => a.Name)));

    public static RpcException WithVectors(RpcException error, CollectionSchema schema) =>
        error.With("vectors", List(schema.AllVectors().Select(static v => v.Name)));

    private static string List(IEnumerable<string> names)
    {
        string list = string.Join(", ", names);
        return list.Length <= MaxListed ? list : list[..MaxListed] + "…";
    }
}
