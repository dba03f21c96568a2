using SearchEngine.Collections;
using SearchEngine.Rpc.Health;
using SearchEngine.Rpc.Operations;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

public sealed class EncoderReadinessTests
{
    [Fact]
    public async Task ACollectionWhoseEncoderIsAway_IsNamed_AndKeepsTheServerReady()
    {
        using var folder = new TempDirectory();
        await using FakeEncoder encoder = await FakeEncoder.StartAsync();
        using CollectionStore store = CollectionStore.Open(folder.Path);
        store.Create("docs", SchemaMap.Read(TextHost.Config(encoder.Descriptor), "config"));
        using var pool = new EncoderPool(new EncoderSettings
        {
            Addresses = [encoder.Address],
            RefreshEvery = TimeSpan.FromMilliseconds(20),
            ProbeEvery = TimeSpan.FromMilliseconds(20),
            RestAfterFailure = TimeSpan.Zero,
        });
        var board = new ReadinessBoard(new HealthBoard());
        using var readiness = new EncoderReadiness(store, pool, board);
        await UntilAsync(() => board.Notes.Count == 0, "The encoder is there, and a collection is said to miss it.");
        await encoder.KillAsync();
        await UntilAsync(() => board.Notes.Count == 1, "The encoder is away, and no collection is said to miss it.");
        (string part, string note) = board.Notes[0];
        Assert.Equal("encoder", part);
        Assert.StartsWith($"texts of docs cannot be encoded: {encoder.Address.Authority}: ", note, StringComparison.Ordinal);
        Assert.True(board.IsReady);
        await encoder.StartAgainAsync();
        await UntilAsync(() => board.Notes.Count == 0, "The encoder is back, and a collection is still said to miss it.");
    }

    private static async Task UntilAsync(Func<bool> holds, string suspect)
    {
        for (int attempt = 0; !holds(); attempt++)
        {
            Assert.True(attempt < 3_000, suspect);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
