using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Faults;

/// <summary>The layer loses what may be lost and nothing else; a layer that loses nothing would prove nothing.</summary>
public sealed class FaultyFileLayerTests
{
    private const int Seeds = 60;

    [Fact]
    public void Synced_content_and_names_survive_and_the_rest_may_or_may_not()
    {
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var root = new TempDirectory();
            var files = new FaultyFileLayer(root.Path, seed);
            using (IWritableFile file = files.Create(root.File("a")))
            {
                file.Write("synced"u8);
                file.Sync();
                files.SyncDirectory(root.Path);
                file.Write(new byte[600]);
            }

            files.Create(root.File("b")).Dispose();
            files.Rename(root.File("b"), root.File("c"));
            files.Crash();
            byte[] content = File.ReadAllBytes(root.File("a"));
            Assert.True(content.AsSpan().StartsWith("synced"u8), $"seed {seed}: synced bytes are gone");
            outcomes.Add($"{content.Length} {string.Join(" ", files.List(root.Path))}");
        }

        Assert.True(outcomes.Count >= 5, $"only {outcomes.Count} outcomes: {string.Join(", ", outcomes)}");
    }

    [Fact]
    public void A_rename_that_replaces_leaves_the_old_or_the_new_content()
    {
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var root = new TempDirectory();
            File.WriteAllText(root.File("name"), "old");
            var files = new FaultyFileLayer(root.Path, seed);
            using (IWritableFile file = files.Create(root.File("aside")))
            {
                file.Write("new"u8);
                file.Sync();
            }

            files.Rename(root.File("aside"), root.File("name"));
            files.Crash();
            outcomes.Add(File.ReadAllText(root.File("name")));
        }

        Assert.Equal(["new", "old"], outcomes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_failed_sync_lost_no_later_one_brings_back()
    {
        bool lost = false;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var root = new TempDirectory();
            var files = new FaultyFileLayer(root.Path, seed);
            using (IWritableFile file = files.Create(root.File("a")))
            {
                files.SyncDirectory(root.Path);
                file.Write("content"u8);
                files.FailAt(files.Operations + 1, Fault.DeviceError);
                Assert.Throws<IOException>(file.Sync);
                file.Sync();
            }

            files.Crash();
            lost |= File.ReadAllText(root.File("a")) != "content";
        }

        Assert.True(lost, "a failed sync never loses anything");
    }
}
