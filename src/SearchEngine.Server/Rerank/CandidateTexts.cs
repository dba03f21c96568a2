using SearchEngine.Collections.Documents;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Points;

namespace SearchEngine.Server.Rerank;

/// <summary>Candidates of a request: with a text, or with the id of a stored point whose text field is read, as far as the caller may see it.</summary>
/// <param name="field">The text field; empty where no candidate needs one.</param>
internal sealed class CandidateTexts(IReadOnlyList<Wire.RerankCandidate> candidates, CallContext context, string field) : ICandidateTexts
{
    private readonly DocumentParts _parts = DocumentParts.None with { Texts = [field] };

    public int? LengthOf(int index) => candidates[index].Text.Length is > 0 and int length ? length : null;

    public IReadOnlyList<CandidateText> Read(int first, int count)
    {
        DocumentId[] ids = [.. Enumerable.Range(first, count).Where(i => candidates[i].Text.Length == 0).Select(IdOf)];
        using IEnumerator<Document?> stored = PointReads.Each(context, ids, _parts).GetEnumerator();
        var texts = new List<CandidateText>(count);
        long characters = 0;
        for (int i = first; i < first + count && characters <= RoundPolicy.MaxCharacters; i++)
        {
            CandidateText text = candidates[i].Text.Length > 0 ? new CandidateText(candidates[i].Text, null) : Stored(i, stored.MoveNext() ? stored.Current : null);
            characters += text.Text?.Length ?? 0;
            texts.Add(text);
        }
        return texts;
    }

    private CandidateText Stored(int index, Document? document)
    {
        DocumentId id = IdOf(index);
        if (document is null)
        {
            return new CandidateText(null, PointReads.Unknown(id, "id"));
        }
        return document.Texts.TryGetValue(field, out string? text) && text.Length > 0
            ? new CandidateText(text, null)
            : new CandidateText(null, Refusal.Of(
                Wire.ErrorReason.TextEmpty, "id", $"Point {Refusal.Shown(id.ToString())} has no text \"{field}\".", "Store the text, or send it with the candidate.",
                actual: id.ToString()));
    }

    private DocumentId IdOf(int index) => IdMap.Read(candidates[index].Id, $"candidates[{index}].id");
}
