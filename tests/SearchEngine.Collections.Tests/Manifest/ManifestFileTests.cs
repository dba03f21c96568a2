using System.Text;
using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Manifests;

/// <summary>A manifest comes back whole, or an older one with a finding, or a typed error; never a wrong one.</summary>
public sealed class ManifestFileTests
{
    private static readonly CollectionSchema Schema = new()
    {
        Vectors =
        [
            new VectorSchema
            {
                Name = "title", Dimension = 768, Metric = VectorMetric.Dot, StoredType = StoredType.Int8, PrefixDimensions = [128, 256],
                Space = "space", IsRequired = false, Seed = ulong.MaxValue, WalkCode = WalkCode.Int8,
            },
        ],
        Attributes = [new AttributeSchema { Name = "tags", Type = AttributeType.Keyword, IsArray = true, Index = AttributeIndex.Postings }],
        Texts = [new TextSchema { Name = "text", IsRequired = true }],
        SparseVectors = [new SparseSchema { Name = "splade", Space = "sparse space", IsRequired = true }],
    };

    [Fact]
    public void A_manifest_comes_back_whole()
    {
        using var root = new TempDirectory();
        Assert.Null(ManifestFile.Load(root.Path, DiskFileLayer.Instance));
        for (ulong generation = 1; generation <= 4; generation++)
        {
            ManifestFile.Publish(root.Path, Sample(generation), DiskFileLayer.Instance);
            AssertIs(Sample(generation), ManifestFile.Load(root.Path, DiskFileLayer.Instance)!);
        }

        // The one in force and the one before, each with its copy.
        Assert.Equal(4, Directory.GetFiles(root.Path, "MANIFEST-*").Length);
        Assert.Throws<InvalidOperationException>(() => ManifestFile.Publish(root.Path, Sample(4), DiskFileLayer.Instance));
    }

    [Fact]
    public void A_schema_comes_back_and_an_unknown_member_is_refused()
    {
        byte[] json = SchemaJson.Write(Schema);
        Assert.Equal(json, SchemaJson.Write(SchemaJson.Read(json)));
        Assert.Equal("title", SchemaJson.Read(json).Vectors[0].Name);
        Assert.Equal(CollectionError.Checksum, Assert.Throws<CollectionException>(() => SchemaJson.Read("""{"newer":1}"""u8)).Error);
        Assert.Equal(CollectionError.Checksum, Assert.Throws<CollectionException>(() => SchemaJson.Read("null"u8)).Error);
    }

    [Fact]
    public void A_schema_of_before_there_were_sparse_vectors_has_none()
    {
        CollectionSchema schema = SchemaJson.Read("""{"vectors":[],"attributes":[],"texts":[]}"""u8);
        Assert.Empty(schema.SparseVectors);
        Assert.Equal(-1, schema.SparseAt("splade"));
    }

    [Fact]
    public void Words_of_a_stored_schema_stay_as_they_are()
    {
        string json = Encoding.UTF8.GetString(SchemaJson.Write(Schema));
        foreach (string words in (string[])["\"metric\": \"Dot\"", "\"storedType\": \"Int8\"", "\"walkCode\": \"Int8\"", "\"type\": \"Keyword\"", "\"index\": \"Postings\""])
        {
            Assert.True(json.Contains(words, StringComparison.Ordinal), $"Collections that exist would no longer open: {words} is not in {json}.");
        }
    }

    [Fact]
    public void Every_flipped_byte_gives_the_manifest_with_a_finding()
    {
        using var root = new TempDirectory();
        ManifestFile.Publish(root.Path, Sample(1), DiskFileLayer.Instance);
        ManifestFile.Publish(root.Path, Sample(2), DiskFileLayer.Instance);
        var files = new FaultyFileLayer(root.Path, seed: 1);
        foreach (string name in new[] { StoreLayout.Current, StoreLayout.ManifestName(2) })
        {
            byte[] sound = File.ReadAllBytes(root.File(name));
            for (int at = 0; at < sound.Length; at++)
            {
                byte[] flipped = [.. sound];
                flipped[at] ^= 0x08;
                File.WriteAllBytes(root.File(name), flipped);
                ManifestLoad load = ManifestFile.Load(root.Path, files)!;
                Assert.True(load.Findings.Count > 0, $"the flip at byte {at} of {name} is not reported");
                Assert.Contains(load.Findings, finding => finding.Path.StartsWith(root.Path, StringComparison.Ordinal));
                AssertIs(Sample(2), load);
                Assert.Equal(3UL, load.NextGeneration);
            }

            File.WriteAllBytes(root.File(name), sound);
        }
    }

    [Fact]
    public void Every_cut_is_reported_and_nothing_sound_is_a_typed_error()
    {
        using var root = new TempDirectory();
        ManifestFile.Publish(root.Path, Sample(1), DiskFileLayer.Instance);
        var files = new FaultyFileLayer(root.Path, seed: 1);
        string current = root.File(StoreLayout.Current), manifest = root.File(StoreLayout.ManifestName(1));
        byte[] sound = File.ReadAllBytes(current);
        for (int length = 0; length < sound.Length; length++)
        {
            File.WriteAllBytes(current, sound.AsSpan(0, length));
            Assert.NotEmpty(ManifestFile.Load(root.Path, files)!.Findings);
        }

        File.WriteAllBytes(current, new byte[1000]);
        Assert.NotEmpty(ManifestFile.Load(root.Path, files)!.Findings);
        File.WriteAllBytes(current, sound);
        byte[] content = File.ReadAllBytes(manifest);
        for (int length = 0; length < content.Length; length += 7)
        {
            File.WriteAllBytes(manifest, content.AsSpan(0, length));
            ManifestLoad load = ManifestFile.Load(root.Path, files)!;
            Assert.NotEmpty(load.Findings);
            AssertIs(Sample(1), load);
        }

        File.WriteAllBytes(manifest + StoreLayout.CopySuffix, content.AsSpan(1));
        File.Delete(manifest);
        Assert.Equal(CollectionError.Checksum, Assert.Throws<CollectionException>(() => ManifestFile.Load(root.Path, files)).Error);
    }

    [Fact]
    public void Power_failure_at_every_operation_leaves_the_old_or_the_new_manifest()
    {
        const int Seeds = 40;
        const ulong Generations = 3;
        for (int at = 1, seed = 0; at > 0; seed++)
        {
            using var root = new TempDirectory();
            var files = new FaultyFileLayer(root.Path, seed + (at * Seeds));
            files.FailAt(at, Fault.Crash);
            ulong published = 0;
            try
            {
                for (; published < Generations; published++)
                {
                    ManifestFile.Publish(root.Path, Sample(published + 1), files);
                }

                // Every operation has had its turn.
                at = -1;
            }
            catch (CrashException)
            {
                files.Crash();
                ManifestLoad? load = ManifestFile.Load(root.Path, files);
                ulong found = load?.Manifest.Generation ?? 0;
                string where = $"operation {at}, seed {seed}: {files.History[^2]}";
                Assert.True(load is null || load.Findings.Count == 0, $"{where}: a crash is taken for damage: {load?.Findings.FirstOrDefault()}");
                Assert.True(found == published || found == published + 1, $"{where}: generation {found} after {published} were published");
                if (load is not null)
                {
                    AssertIs(Sample(found), load);
                }
            }

            if (seed == Seeds - 1)
            {
                at++;
                seed = -1;
            }
        }
    }

    [Fact]
    public void Leftovers_are_removed_unless_there_is_damage_and_unknown_files_stay()
    {
        using var root = new TempDirectory();
        string[] kept = ["LOCK", "log", "quarantine", "snapshots", StoreLayout.SegmentName(7), StoreLayout.TombstoneName(7, 1)];
        string[] left = [StoreLayout.SegmentName(8), StoreLayout.SegmentName(9) + ".tmp", StoreLayout.TombstoneName(7, 2), StoreLayout.ManifestName(6), "CURRENT.tmp"];
        string[] unknown = ["notes.txt", "segment-1", "other.tmp"];
        ManifestFile.Publish(root.Path, Sample(5), DiskFileLayer.Instance);
        foreach (string name in (string[])[.. kept, .. left, .. unknown])
        {
            Directory.CreateDirectory(root.File(name));
            File.WriteAllText(root.File(name + "/content"), "x");
        }

        string current = root.File(StoreLayout.Current);
        byte[] sound = File.ReadAllBytes(current);
        File.WriteAllBytes(current, new byte[9]);
        ManifestLoad damaged = ManifestFile.Load(root.Path, DiskFileLayer.Instance)!;
        Assert.Empty(damaged.RemovedFiles);
        Assert.All(left, name => Assert.True(Directory.Exists(root.File("quarantine/" + name)), $"{name} may be all that is left of a newer state and was not kept"));
        foreach (string name in left)
        {
            Directory.CreateDirectory(root.File(name));
        }

        File.WriteAllBytes(current, sound);
        ManifestLoad load = ManifestFile.Load(root.Path, DiskFileLayer.Instance)!;
        Assert.Equal(left.Order(StringComparer.Ordinal), load.RemovedFiles.Select(Path.GetFileName));
        Assert.Equal(unknown.Order(StringComparer.Ordinal), load.UnknownFiles.Select(Path.GetFileName));
        Assert.All(kept.Concat(unknown), name => Assert.True(Directory.Exists(root.File(name)), $"{name} was removed"));
        Assert.All(left, name => Assert.False(Directory.Exists(root.File(name)), $"{name} is still there"));
    }

    private static Manifest Sample(ulong generation) => new()
    {
        Generation = generation,
        Sequence = generation * 1000,
        Schema = Schema,
        Segments = [new SegmentEntry { Id = 7, Rows = 10, Dead = 3, TombstoneFile = StoreLayout.TombstoneName(7, 1) }, new SegmentEntry { Id = 3, Rows = 0 }],
        Quarantined = [new QuarantineEntry { Name = "log", Reason = "torn", FirstLost = 3, LastLost = 9 }],
        Settings = new byte[] { 1, 2, (byte)generation },
    };

    private static void AssertIs(Manifest expected, ManifestLoad load)
    {
        Manifest found = load.Manifest;
        Assert.Equal((expected.Generation, expected.Sequence), (found.Generation, found.Sequence));
        Assert.Equal(SchemaJson.Write(expected.Schema), SchemaJson.Write(found.Schema));
        Assert.Equal(expected.Segments, found.Segments);
        Assert.Equal(expected.Quarantined, found.Quarantined);
        Assert.True(expected.Settings.Span.SequenceEqual(found.Settings.Span));
    }
}
