using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Storage;

/// <summary>A section file gives back what was written, and every changed byte of it is found.</summary>
public sealed class SectionFileTests
{
    private const string Kind = "test";

    [Fact]
    public void Sections_come_back_aligned_and_whole()
    {
        using var directory = new TempDirectory();
        string path = directory.File("f");
        byte[] large = Bytes(seed: 1, (3 << 20) + 17);
        float[] floats = [.. Enumerable.Range(0, 1000).Select(static i => i * 0.5f)];
        using (var writer = new SectionFileWriter(DiskFileLayer.Instance, path, Kind))
        {
            writer.Add<float>("floats", floats);
            writer.Add<ulong>("none", []);
            using (SectionFileWriter.SectionStream section = writer.Begin("large"))
            {
                section.Write<byte>(large.AsSpan(0, 5));
                section.Write<byte>(large.AsSpan(5));
                Assert.Equal(large.Length, section.Length);
            }

            writer.Add<byte>("tail", [1, 2, 3]);
            writer.Finish();
        }

        using SectionFile file = SectionFile.Open(path, Kind, SectionCheck.Everything);
        Assert.True(file.Section<float>("floats").SequenceEqual(floats));
        Assert.True(file.Array<float>("floats").Span.SequenceEqual(floats));
        Assert.Equal(0, file.Section<ulong>("none").Length);
        Assert.Equal(large.Length, file.Bytes("large").Length);
        Assert.True(file.Bytes("large").Slice(7, large.Length - 7).SequenceEqual(large.AsSpan(7)));
        Assert.True(file.Section<byte>("tail").SequenceEqual((ReadOnlySpan<byte>)[1, 2, 3]));
        Assert.False(file.Has("other"));
        file.Populate(TestContext.Current.CancellationToken);
        Assert.Equal(new FileInfo(path).Length, file.MappedBytes);
        Assert.True(file.ResidentBytes >= large.Length, "a populated file is not resident");
        Assert.Empty(SectionFile.Scrub(path, Kind, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_flipped_byte_is_found()
    {
        using var directory = new TempDirectory();
        string path = directory.File("f");
        WriteSmall(path);
        byte[] sound = File.ReadAllBytes(path);
        for (int at = 0; at < sound.Length; at++)
        {
            byte[] damaged = [.. sound];
            damaged[at] ^= 0x40;
            File.WriteAllBytes(path, damaged);
            Assert.True(SectionFile.Scrub(path, Kind, CancellationToken.None).Count > 0, $"scrubbing missed the flip at byte {at} of {sound.Length}");
            CollectionException error = Assert.Throws<CollectionException>(() => SectionFile.Open(path, Kind, SectionCheck.Everything).Dispose());
            Assert.Equal(CollectionError.Checksum, error.Error);
            Assert.Contains(path, error.What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_cut_and_every_tail_is_found_when_opening()
    {
        using var directory = new TempDirectory();
        string path = directory.File("f");
        WriteSmall(path);
        byte[] sound = File.ReadAllBytes(path);
        for (int length = 0; length < sound.Length; length++)
        {
            File.WriteAllBytes(path, sound.AsSpan(0, length));
            Assert.Equal(CollectionError.Checksum, Assert.Throws<CollectionException>(() => SectionFile.Open(path, Kind).Dispose()).Error);
        }

        File.WriteAllBytes(path, [.. sound, .. new byte[64]]);
        Assert.Equal(CollectionError.Checksum, Assert.Throws<CollectionException>(() => SectionFile.Open(path, Kind).Dispose()).Error);
        File.Delete(path);
        Assert.Equal(CollectionError.Checksum, Assert.Throws<CollectionException>(() => SectionFile.Open(path, Kind).Dispose()).Error);
    }

    [Fact]
    public void Foreign_kind_missing_section_and_odd_size_are_typed_errors()
    {
        using var directory = new TempDirectory();
        string path = directory.File("f");
        WriteSmall(path);
        Assert.Contains("'other'", Assert.Throws<CollectionException>(() => SectionFile.Open(path, "other").Dispose()).What, StringComparison.Ordinal);
        using SectionFile file = SectionFile.Open(path, Kind);
        Assert.Contains("'absent'", Assert.Throws<CollectionException>(() => file.Bytes("absent")).What, StringComparison.Ordinal);
        Assert.Contains("whole elements", Assert.Throws<CollectionException>(() => file.Section<long>("odd").Length).What, StringComparison.Ordinal);
        Assert.Throws<CollectionException>(() => file.Bytes("odd").Slice(1, 5).Length);
    }

    [Fact]
    public void Unfinished_file_is_refused()
    {
        using var directory = new TempDirectory();
        string path = directory.File("f");
        using (var writer = new SectionFileWriter(DiskFileLayer.Instance, path, Kind))
        {
            writer.Add<byte>("a", Bytes(seed: 2, 3 << 20));
        }

        Assert.Throws<CollectionException>(() => SectionFile.Open(path, Kind).Dispose());
    }

    private static void WriteSmall(string path)
    {
        using var writer = new SectionFileWriter(DiskFileLayer.Instance, path, Kind);
        writer.Add<int>("numbers", [1, 2, 3]);
        writer.Add<byte>("odd", [1, 2, 3, 4, 5]);
        writer.Finish();
    }

    private static byte[] Bytes(int seed, int length)
    {
        var data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }
}
