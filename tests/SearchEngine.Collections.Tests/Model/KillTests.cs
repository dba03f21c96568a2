using System.Diagnostics;
using System.Globalization;
using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Model;

/// <summary>
/// A process that writes, flushes and merges is killed at random moments, again and again, over the same store: what it had
/// acknowledged is there, what it had deleted is not, nothing is there twice.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 100;

    /// <summary>Stores side by side: a killed process is started, and waits for the disk, while another one is verified.</summary>
    private const int Stores = 4;

    [Fact]
    public Task Acknowledged_writes_survive_kill_9() => Task.WhenAll(Enumerable.Range(0, Stores).Select(
        store => Task.Factory.StartNew(() => KillAgainAndAgain(store), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private void KillAgainAndAgain(int store)
    {
        using var directory = new TempDirectory();
        var model = new StoreModel();
        int rounds = Rounds / Stores * Math.Max(1, 10 * LongRun.Minutes);
        int acknowledged = 0;
        for (int i = 1; i <= rounds; i++)
        {
            int round = (store * rounds) + i;
            string when = $"store {store}, round {round}";
            List<string> said = RunAndKill(directory.Path, round);
            List<IReadOnlyList<WriteOperation>> uncertain = Apply(said, round, model, ref acknowledged);
            Verify(directory.Path, model, uncertain, when);
        }
        output.WriteLine($"store {store}: {rounds} kills, {acknowledged} acknowledged batches, {model.Documents.Count} documents at the end");
        Assert.True(acknowledged > rounds, $"only {acknowledged} batches were acknowledged in {rounds} rounds: the test tests nothing");
    }

    private static List<string> RunAndKill(string store, int round)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "SearchEngine.Collections.Crash.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            // Never written to: its end tells the process that this one is gone.
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(program);
        start.ArgumentList.Add(store);
        start.ArgumentList.Add(round.ToString(CultureInfo.InvariantCulture));
        using Process process = Process.Start(start)!;
        var said = new List<string>();
        // Some are killed while they open the store, most in the middle of writing.
        int lines = round % 10 == 0 ? 0 : new Random(round).Next(1, 400);
        for (int i = 0; i < lines && process.StandardOutput.ReadLine() is { } line; i++)
        {
            said.Add(line);
        }
        if (lines == 0)
        {
            Thread.Sleep(new Random(round).Next(60, 250));
        }
        process.Kill();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            said.Add(line);
        }
        process.WaitForExit();
        return said;
    }

    // What was acknowledged goes into the model; what was only begun is uncertain.
    private static List<IReadOnlyList<WriteOperation>> Apply(List<string> said, int round, StoreModel model, ref int acknowledged)
    {
        var uncertain = new List<IReadOnlyList<WriteOperation>>();
        for (int writer = 0; writer < CrashWorkload.Writers; writer++)
        {
            var workload = new CrashWorkload(round, writer);
            int begun = said.Count(l => l.StartsWith($"begin {writer} ", StringComparison.Ordinal));
            int done = said.Count(l => l.StartsWith($"done {writer} ", StringComparison.Ordinal));
            for (int number = 0; number < done; number++)
            {
                foreach (WriteOperation operation in workload.Batch(number).Operations)
                {
                    model.Apply(operation);
                }
            }
            acknowledged += done;
            if (begun > done)
            {
                uncertain.Add(workload.Batch(done).Operations);
            }
        }
        return uncertain;
    }

    private static void Verify(string directory, StoreModel model, List<IReadOnlyList<WriteOperation>> uncertain, string when)
    {
        using CollectionStore store = CollectionStore.Open(directory, static _ => CrashWorkload.Settings);
        if (store.TryGet(CrashWorkload.Collection) is not { } collection)
        {
            Assert.Empty(model.Documents);
            return;
        }
        Assert.True(collection.Damage.Count == 0, $"{when}: a kill is not damage, but the store reports {string.Join("; ", collection.Damage)}");
        foreach (IReadOnlyList<WriteOperation> batch in uncertain)
        {
            UncertainBatch.Settle(collection, model, batch, when);
        }
        ModelCheck.Whole(collection, model, when);
    }
}
