using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>What a segment says about its files is true, however it was opened.</summary>
public sealed class SegmentFilesTests
{
    [Theory]
    [InlineData(Residency.OnDemand)]
    [InlineData(Residency.Populated)]
    [InlineData(Residency.HugePages)]
    public void Documents_are_the_same_in_every_residency(Residency residency)
    {
        using var directory = new TempDirectory();
        SegmentSample.Write(directory.File("segment"), 1, 300);
        using DocumentSegment plain = SegmentSample.Open(directory.File("segment"));
        using DocumentSegment other = DocumentSegment.Open(
            directory.File("segment"), 2, SegmentSample.Schema, new SegmentOpenOptions { Residency = residency });
        other.Populate();
        var left = new float[64];
        var right = new float[64];
        for (uint row = 0; row < 300; row++)
        {
            Assert.Equal(plain.IdOf(row), other.IdOf(row));
            Assert.Equal(plain.CopyVector(0, row, left), other.CopyVector(0, row, right));
            Assert.Equal(left, right);
        }
        ComponentBytes codes = other.Bytes().Single(c => c.Component == "vectors.a.codes");
        Assert.True(codes.Resident > 0 && (codes.Mapped > 0) == (residency != Residency.HugePages), $"{residency}: {codes}");
    }

    [Fact]
    public void Bytes_by_component_add_up_to_the_files()
    {
        using var directory = new TempDirectory();
        SegmentSample.Write(directory.File("segment"), 1, 300);
        using DocumentSegment segment = SegmentSample.Open(directory.File("segment"));
        long files = new DirectoryInfo(directory.File("segment")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        long lists = new DirectoryInfo(directory.File("segment")).EnumerateFiles("segment", SearchOption.AllDirectories).Sum(f => f.Length);
        Assert.Equal(files, segment.DiskBytes);
        Assert.Equal(files - lists, segment.Bytes().Sum(c => c.Disk));
    }

    [Fact]
    public void The_estimates_cover_what_is_written()
    {
        using var directory = new TempDirectory();
        using LiveDocuments live = SegmentSample.Sealed(1, 2_000);
        SegmentSample.Freeze(live, directory.File("1"), DiskFileLayer.Instance);
        SegmentSample.Write(directory.File("2"), 5_000, 700);
        using DocumentSegment first = SegmentSample.Open(directory.File("1")), second = SegmentSample.Open(directory.File("2"));
        Assert.InRange(first.DiskBytes, 1, SegmentSpace.ForFreeze(live));
        SegmentSample.Merge([first, second], directory.File("3"), DiskFileLayer.Instance);
        using DocumentSegment merged = SegmentSample.Open(directory.File("3"));
        Assert.InRange(merged.DiskBytes, 1, SegmentSpace.ForMerge([first, second]));
    }

    [Fact]
    public void A_freeze_wants_sealed_documents_and_a_bit_for_each()
    {
        using var directory = new TempDirectory();
        using var open = new LiveDocuments(SegmentSample.Schema, new LiveDocumentsOptions());
        Assert.Throws<InvalidOperationException>(() => SegmentSample.Freeze(open, directory.File("segment"), DiskFileLayer.Instance));
        using LiveDocuments live = SegmentSample.Sealed(1, 10);
        using RowSet few = RowSet.None(9);
        Assert.Throws<ArgumentException>(() => DocumentSegment.Freeze(
            live, few, directory.File("segment"), new SegmentWriteOptions(), DiskFileLayer.Instance, CancellationToken.None, out _));
    }

    [Fact]
    public void The_same_documents_give_the_same_bytes_with_any_number_of_threads()
    {
        using var directory = new TempDirectory();
        using LiveDocuments live = SegmentSample.Sealed(1, 900);
        using RowSet dead = RowSet.None(live.Count);
        dead.Add(3);
        foreach (int threads in new[] { 1, 3 })
        {
            DocumentSegment.Freeze(
                live, dead, directory.File($"{threads}"), new SegmentWriteOptions { Threads = threads }, DiskFileLayer.Instance, CancellationToken.None, out _);
        }
        foreach (string file in Directory.GetFiles(directory.File("1"), "*", SearchOption.AllDirectories))
        {
            string twin = file.Replace(directory.File("1"), directory.File("3"), StringComparison.Ordinal);
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(twin)), $"{Path.GetFileName(file)} depends on the threads");
        }
    }
}
