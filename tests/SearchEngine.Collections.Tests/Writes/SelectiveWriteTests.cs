using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Segments;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Writes;

/// <summary>Writes by filter beside other writes.</summary>
public sealed class SelectiveWriteTests
{
    private const int Limit = 120_000;

    /// <summary>Of several batches, as writes by filter are made.</summary>
    private const int Documents = 3000;

    private static readonly CollectionSchema Schema = new()
    {
        Attributes = [new AttributeSchema { Name = "doomed", Type = AttributeType.Bool }],
        Texts = [new TextSchema { Name = "text" }],
    };

    [Fact(Timeout = Limit)]
    public async Task A_document_that_stops_matching_before_its_turn_is_not_deleted()
    {
        using var directory = new TempDirectory();
        int armed = 0;
        using var first = new StandingOperation(o => Volatile.Read(ref armed) == 1 && o.StartsWith("sync ", StringComparison.Ordinal) && o.EndsWith(".log", StringComparison.Ordinal));
        using CollectionStore store = CollectionStore.Open(
            directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 }, TimeProvider.System, new ObservedFileLayer(first.Before));
        Collection collection = store.Create("c", Schema);
        await collection.WriteAsync([.. Enumerable.Range(0, Documents).Select(static i => Put(i, true))]);
        Volatile.Write(ref armed, 1);
        Task<long> deleting = collection.DeleteAsync(new Filter { Must = [new Condition.EqualTo("doomed", AttributeValue.OfBool(true))] });
        await first.Reached;
        // Waits behind the first batch of deletes, before all others.
        Task<WriteReport> spared = collection.WriteAsync([Put(Documents - 1, false), Put(Documents, true)]);
        first.GoOn();
        await spared;
        Assert.Equal(Documents - 1, await deleting);
        Assert.Equal([false, true], collection.Get([Documents - 1, Documents], DocumentParts.All).Select(static d => d!.Attributes["doomed"].Bool));
        Assert.Equal(2, collection.DocumentCount);
    }

    private static WriteOperation.Put Put(int id, bool isDoomed) => new(new Document
    {
        Id = (ulong)id,
        Attributes = new Dictionary<string, AttributeValue> { ["doomed"] = AttributeValue.OfBool(isDoomed) },
    });
}
