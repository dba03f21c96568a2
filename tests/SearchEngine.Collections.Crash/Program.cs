using SearchEngine.Collections;
using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Writes;

// Writes until it is killed, or whoever started it is gone and with it the other end of the input: argument 1 is the store, 2 the seed.
// Says "begin W N" before batch N of writer W is handed over and "done W N" when it is acknowledged.
new Thread(static () =>
{
    Console.OpenStandardInput().ReadByte();
    Environment.Exit(1);
})
{ IsBackground = true }.Start();
string directory = args[0];
int seed = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
Stream output = Console.OpenStandardOutput();
using CollectionStore store = CollectionStore.Open(directory, static _ => CrashWorkload.Settings);
Collection collection = store.TryGet(CrashWorkload.Collection) ?? store.Create(CrashWorkload.Collection, RandomDocuments.Schema);
Say("ready");
await Task.WhenAll(Enumerable.Range(0, CrashWorkload.Writers).Select(writer => Task.Run(() => Write(writer))));

async Task Write(int writer)
{
    var workload = new CrashWorkload(seed, writer);
    for (int number = 0; ; number++)
    {
        (IReadOnlyList<WriteOperation> operations, AckLevel ack) = workload.Batch(number);
        Say($"begin {writer} {number}");
        await collection.WriteAsync(operations, new WriteOptions(ack, ItemPolicy.SkipItem));
        Say($"done {writer} {number}");
    }
}

void Say(string line)
{
    lock (output)
    {
        output.Write(System.Text.Encoding.ASCII.GetBytes(line + "\n"));
    }
}
