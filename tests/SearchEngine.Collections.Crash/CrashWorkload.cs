using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Log;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections.Crash;

/// <summary>
/// What one writer of the crash test writes: batches that follow from seed, writer and number alone, so that the parent, which kills the
/// writer, knows what it had begun and what had been acknowledged. Writers have ids of their own.
/// </summary>
public sealed class CrashWorkload(int seed, int writer)
{
    public const string Collection = "crash";
    public const int Writers = 2;
    private const int Ids = 60;

    /// <summary>Small segments and files of the log: flushes, merges and trimming happen all the time.</summary>
    public static CollectionSettings Settings { get; } = new()
    {
        FlushRows = 48,
        MaxPending = 32,
        DiskReserveBytes = 0,
        Log = new LogOptions { RollBytes = 32 << 10 },
        MergeProgress = TimeSpan.FromMilliseconds(5),
    };

    /// <summary>The operations of a batch, and whether its acknowledgement waits for the disk.</summary>
    public (IReadOnlyList<WriteOperation> Operations, AckLevel Ack) Batch(int number)
    {
        var random = new RandomDocuments(HashCode(seed, writer, number), Ids);
        var operations = new List<WriteOperation>();
        for (int i = 1 + random.Next(6); i > 0; i--)
        {
            DocumentId id = Own(random.Id());
            operations.Add(random.Next(10) switch
            {
                < 6 => new WriteOperation.Put(random.Document(id)),
                < 8 => new WriteOperation.Patch(id, new Dictionary<string, AttributeValue> { ["size"] = AttributeValue.OfInteger(number) }),
                _ => new WriteOperation.Delete(id),
            });
        }
        return (operations, random.Next(3) == 0 ? AckLevel.Logged : AckLevel.Memory);
    }

    private DocumentId Own(DocumentId id) => id.Text is { } text ? new DocumentId($"{writer}-{text}") : new DocumentId((id.Number * Writers) + (ulong)writer);

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int writer, int number) => unchecked((((seed * 31) + writer) * 1_000_003) ^ (number * 7919));
}
