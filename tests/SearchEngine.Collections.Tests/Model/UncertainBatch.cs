using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Writes;
using Xunit;

namespace SearchEngine.Collections.Tests.Model;

/// <summary>A batch that was under way when a process or the power ended: any prefix of it may be there, in the order of its operations.</summary>
internal static class UncertainBatch
{
    /// <summary>Brings the model to what of the batch is there.</summary>
    public static void Settle(Collection collection, StoreModel model, IReadOnlyList<WriteOperation> batch, string when)
    {
        DocumentId[] ids = [.. batch.Select(IdOf).Distinct()];
        IReadOnlyList<Document?> stored = collection.Get(ids, DocumentParts.Content);
        for (int length = 0; length <= batch.Count; length++)
        {
            StoreModel after = model.Copy();
            foreach (WriteOperation operation in batch.Take(length))
            {
                after.Apply(operation);
            }
            if (ids.Zip(stored).All(pair => Same(after.Documents.GetValueOrDefault(pair.First), pair.Second)))
            {
                foreach (WriteOperation operation in batch.Take(length))
                {
                    model.Apply(operation);
                }
                return;
            }
        }
        Assert.Fail($"{when}: a batch that was under way is there neither not at all, nor as a prefix, nor whole: {string.Join(", ", batch)}");
    }

    private static bool Same(Document? expected, Document? stored) => (expected, stored) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ => expected.Version == stored.Version
            && stored.Attributes.OrderBy(a => a.Key).SequenceEqual(expected.Attributes.Where(a => !a.Value.IsNull).OrderBy(a => a.Key))
            && stored.Texts.OrderBy(t => t.Key).SequenceEqual(expected.Texts.OrderBy(t => t.Key)),
    };

    private static DocumentId IdOf(WriteOperation operation) => operation switch
    {
        WriteOperation.Put put => put.Document.Id,
        WriteOperation.Patch patch => patch.Id,
        WriteOperation.Delete delete => delete.Id,
        _ => throw new ArgumentException($"Unknown operation {operation}."),
    };
}
