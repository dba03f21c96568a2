using SearchEngine.Collections.Documents;

namespace SearchEngine.Server.Evaluation.Mining;

/// <summary>What near-duplicates of a relevant point are told by. Without its text: a query may have a thousand of them.</summary>
/// <param name="TextHash">Of the text; equal texts have equal ones.</param>
/// <param name="Values">Null where the point has no vector.</param>
internal sealed record RelevantPoint(DocumentId Id, string TextHash, ReadOnlyMemory<float>? Values);
