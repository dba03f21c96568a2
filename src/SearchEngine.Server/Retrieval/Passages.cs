using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SearchEngine.Collections.Documents;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Points;

namespace SearchEngine.Server.Retrieval;

/// <summary>What hits carry of their points: the parts that were asked for, and the passage that was reranked.</summary>
internal static class Passages
{
    private const int HashBytes = 16;

    /// <summary>Reads the points of the hits once they are chosen, so that candidates that are not returned cost no reading.</summary>
    public static void Fill(IReadOnlyList<Wire.Hit> hits, RetrieveOrder order, CallContext context)
    {
        string? field = order.HasPassage ? order.TextField : null;
        bool hasParts = order.Parts.HasVersion || order.Parts.Parts is not { Attributes.Count: 0, Texts.Count: 0, Vectors.Count: 0 };
        if (hits.Count == 0 || (field is null && !hasParts))
        {
            return;
        }
        DocumentId[] ids = [.. hits.Select(static hit => IdMap.Read(hit.Id, "id"))];
        IReadOnlyDictionary<DocumentId, Document>? found = PointReads.TryFind(context, ids, With(field, order.Parts.Parts), context.ReplyLimit);
        if (found is null && field is not null)
        {
            field = null;
            Shortened(context, "fields.details");
            found = PointReads.TryFind(context, ids, order.Parts.Parts, context.ReplyLimit);
        }
        if (found is null)
        {
            Shortened(context, "fields.texts");
            found = PointReads.Find(context, ids, order.Parts.Parts with { Texts = [] });
        }
        foreach (Wire.Hit hit in hits)
        {
            // One that was deleted since it was found stays a hit of the state that was searched.
            if (!found.TryGetValue(IdMap.Read(hit.Id, "id"), out Document? document))
            {
                continue;
            }
            if (field is not null && document.Texts.TryGetValue(field, out string? text))
            {
                hit.Passage = Of(field, text);
            }
            if (hasParts)
            {
                hit.Point = new Wire.Point();
                DocumentMap.WriteParts(Only(document, order.Parts.Parts), context.Schema, order.Parts, hit.Point);
            }
        }
    }

    private static DocumentParts With(string? field, DocumentParts parts) =>
        field is not null && parts.Texts is { } texts && !texts.Contains(field) ? parts with { Texts = [.. texts, field] } : parts;

    // What could never be sent is not read to its end.
    private static void Shortened(CallContext context, string field) => context.Warn(
        Wire.WarningKind.ReplyShortened, field,
        $"Left out to stay under {context.ReplyLimit} bytes; ask for fewer hits or fields, or raise header.max_reply_bytes.");

    private static Document Only(Document document, DocumentParts parts) => parts.Texts is not { } texts
        ? document
        : document with { Texts = document.Texts.Where(text => texts.Contains(text.Key)).ToDictionary(StringComparer.Ordinal) };

    private static Wire.Passage Of(string field, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new Wire.Passage
        {
            TextField = field,
            Text = text,
            Span = new Wire.ByteSpan { Start = 0, End = (uint)bytes.Length },
            Sha256Prefix = ByteString.CopyFrom(SHA256.HashData(bytes).AsSpan(0, HashBytes)),
        };
    }
}
