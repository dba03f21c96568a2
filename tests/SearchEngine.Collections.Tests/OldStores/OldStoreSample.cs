using System.Formats.Tar;
using System.IO.Compression;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Testing;

namespace SearchEngine.Collections.Tests.OldStores;

/// <summary>A store as an older version left it, and what it must hold. The README of this folder says how it was made.</summary>
internal static class OldStoreSample
{
    public const string Collection = "old";

    /// <summary>Snapshot of the first documents, before any was patched or deleted.</summary>
    public const string Snapshot = "first";
    public const int InSnapshot = 40;
    public const int Written = 70;

    private const string Packed = "2026-11-26-8290b0c.tar.br";

    public static TempDirectory Unpack()
    {
        var directory = new TempDirectory();
        using Stream packed = typeof(OldStoreSample).Assembly.GetManifestResourceStream(Packed)!;
        using var tar = new BrotliStream(packed, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(tar, directory.Path, overwriteFiles: false);
        return directory;
    }

    /// <summary>What the collection holds behind its log.</summary>
    public static IReadOnlyList<Document> Living() =>
        [.. Enumerable.Range(0, Written).Where(static n => n is < 5 or > 11).Select(static n => n switch
        {
            3 => Of(n, 203, 3),
            < 5 => Of(n, 100 + n, 2),
            61 => Of(n, 261, 2),
            _ => Of(n, n, 1),
        })];

    public static IReadOnlyList<Document> OfSnapshot() => [.. Enumerable.Range(0, InSnapshot).Select(static n => Of(n, n, 1))];

    /// <summary>A document that no older version has written.</summary>
    public static Document Next(int n) => Of(n, n, 1);

    private static Document Of(int n, long size, ulong version)
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>> { ["default"] = Vector(n, 16) };
        if (n % 2 == 0)
        {
            vectors["second"] = Vector(n, 8);
        }
        return new Document
        {
            Id = n % 3 == 0 ? new DocumentId($"text-{n}") : new DocumentId((ulong)n),
            Version = version,
            Vectors = vectors,
            Attributes = new Dictionary<string, AttributeValue>
            {
                ["color"] = AttributeValue.OfKeyword(n % 4 == 0 ? "grün" : "red"),
                ["size"] = AttributeValue.OfInteger(size),
                ["tags"] = AttributeValue.ArrayOf(AttributeType.Keyword, [AttributeValue.OfKeyword($"tag-{n % 5}")]),
            },
            Texts = new Dictionary<string, string> { ["title"] = $"document number{n} of kind{n % 7}" },
        };
    }

    private static float[] Vector(int n, int dimension) => [.. Enumerable.Range(0, dimension).Select(i => ((n + 1) * (i + 3) * 7919 % 31 - 15) / 16f)];
}
