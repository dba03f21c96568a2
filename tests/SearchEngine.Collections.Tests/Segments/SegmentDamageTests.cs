using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Storage;
using SearchEngine.Testing;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>Damage is refused by name, or found by scrubbing; it never makes reading go astray.</summary>
public sealed class SegmentDamageTests : IDisposable
{
    private const int Count = 400;
    private const int HeadBytes = 64;
    private const int VectorHeaderBytes = 4096;

    private readonly TempDirectory _directory = new();

    public SegmentDamageTests() => SegmentSample.Write(Segment, 1, Count);

    private string Segment => _directory.File("segment");

    [Fact]
    public void A_flipped_byte_in_a_head_or_footer_is_refused_by_the_name_of_the_file()
    {
        foreach (string path in SectionFiles())
        {
            long length = new FileInfo(path).Length;
            foreach (long at in Enumerable.Range(0, HeadBytes).SelectMany(i => new[] { i, length - 1 - i }))
            {
                WithFlip(path, at, 0x10, () => AssertRefused(path, $"byte {at} of {Path.GetFileName(path)}"));
            }
        }
    }

    [Fact]
    public void A_flipped_byte_in_a_table_of_sections_is_refused()
    {
        var random = new Random(1);
        foreach (string path in SectionFiles())
        {
            // The table lies before the footer; the last 80 bytes of it are an entry or checksums of blocks.
            long length = new FileInfo(path).Length;
            for (int i = 0; i < 20; i++)
            {
                long at = length - HeadBytes - 1 - random.Next(80);
                WithFlip(path, at, 1, () => AssertRefused(path, $"byte {at} of {Path.GetFileName(path)}"));
            }
        }
    }

    [Fact]
    public void A_flipped_byte_in_a_header_of_vectors_is_refused()
    {
        var random = new Random(2);
        foreach (string path in VectorFiles())
        {
            for (int i = 0; i < 12; i++)
            {
                long at = i < 8 ? i : random.Next(VectorHeaderBytes);
                WithFlip(path, at, 0x40, () => AssertRefused(path, $"byte {at} of {path}"));
            }
        }
    }

    [Fact]
    public void Random_flips_in_data_are_found_by_scrubbing_and_harm_no_reader()
    {
        var random = new Random(3);
        foreach (string path in SectionFiles())
        {
            long length = new FileInfo(path).Length;
            for (int i = 0; i < 40; i++)
            {
                long at = random.NextInt64(HeadBytes, length - HeadBytes);
                WithFlip(path, at, (byte)(1 << random.Next(8)), () => AssertFoundAndHarmless(path, at));
            }
        }
        foreach ((string path, long bytes) in VectorRows())
        {
            for (int i = 0; i < 4; i++)
            {
                long at = RowFileHeader.DataOffset + random.NextInt64(bytes);
                WithFlip(path, at, (byte)(1 << random.Next(8)), () => AssertFoundAndHarmless(path, at));
            }
        }
    }

    [Fact]
    public void A_missing_or_cut_file_is_refused_by_name()
    {
        foreach (string path in SectionFiles().Concat(VectorFiles()))
        {
            byte[] content = File.ReadAllBytes(path);
            File.Delete(path);
            AssertRefused(path, $"{path} missing");
            foreach (int length in new[] { 0, 100, content.Length / 2, content.Length - 1 })
            {
                File.WriteAllBytes(path, content[..length]);
                AssertRefused(path, $"{path} cut to {length} bytes");
            }
            File.WriteAllBytes(path, content);
        }
        AssertSound();
    }

    [Fact]
    public void Files_of_another_segment_are_refused()
    {
        string other = _directory.File("other");
        SegmentSample.Write(other, 1, Count + 50);
        foreach (string name in new[] { SegmentNames.Ids, SegmentNames.Bodies, "attributes", WeightSections.FileName })
        {
            string path = Path.Combine(Segment, name), kept = _directory.File("kept");
            File.Move(path, kept);
            File.Copy(Path.Combine(other, name), path);
            Assert.Equal(CollectionError.Checksum, Assert.Throws<CollectionException>(() => SegmentSample.Open(Segment)).Error);
            File.Move(kept, path, overwrite: true);
        }
        AssertSound();
    }

    [Fact]
    public void A_document_alive_in_two_segments_is_refused_with_both_named()
    {
        SegmentSample.Write(_directory.File("other"), Count, 50);
        using DocumentSegment first = SegmentSample.Open(Segment, 11), second = SegmentSample.Open(_directory.File("other"), 12);
        CollectionException error = Assert.Throws<CollectionException>(
            () => SegmentSample.Merge([first, second], _directory.File("merged"), DiskFileLayer.Instance));
        Assert.Contains("segment 11", error.Message, StringComparison.Ordinal);
        Assert.Contains("segment 12", error.Message, StringComparison.Ordinal);
        Assert.Contains($"text {Count}", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory.File("merged")) || Directory.Exists(_directory.File("merged.tmp")));
    }

    [Fact]
    public void A_damaged_segment_is_not_merged()
    {
        using DocumentSegment segment = SegmentSample.Open(Segment, 11);
        (string path, long bytes) = VectorRows()[0];
        WithFlip(path, RowFileHeader.DataOffset + bytes / 2, 1, () =>
        {
            CollectionException error = Assert.Throws<CollectionException>(
                () => SegmentSample.Merge([segment], _directory.File("merged"), DiskFileLayer.Instance));
            Assert.True(error.Error == CollectionError.Checksum && error.Message.Contains(path, StringComparison.Ordinal), error.Message);
        });
        Assert.False(Directory.Exists(_directory.File("merged")));
    }

    [Fact]
    public void A_schema_of_other_vectors_is_refused()
    {
        CollectionSchema other = SegmentSample.Schema with { Vectors = [.. SegmentSample.Schema.Vectors.Select(v => v with { Dimension = 96 })] };
        CollectionException error = Assert.Throws<CollectionException>(() => DocumentSegment.Open(Segment, 1, other, new SegmentOpenOptions()));
        Assert.Equal(CollectionError.Checksum, error.Error);
    }

    public void Dispose() => _directory.Dispose();

    private string[] SectionFiles() => [.. new[] { SegmentNames.Ids, SegmentNames.Bodies, "attributes", WeightSections.FileName }.Select(name => Path.Combine(Segment, name))];

    private string[] VectorFiles() => [.. Directory.GetDirectories(Segment).SelectMany(Directory.GetFiles).Order(StringComparer.Ordinal)];

    // Between the last row and the checksums there are zeros that nobody reads.
    private List<(string Path, long Bytes)> VectorRows()
    {
        using DocumentSegment segment = SegmentSample.Open(Segment);
        var files = new List<(string, long)>();
        for (int v = 0; v < SegmentSample.Schema.Vectors.Count; v++)
        {
            SegmentParts parts = segment.Vectors(v)!.Parts;
            foreach (RowMemory? rows in new[] { parts.Truth, parts.Codes, parts.Links, parts.Upper, parts.Corrections, parts.Norms, parts.Sources })
            {
                if (rows is MappedRows mapped)
                {
                    files.Add((mapped.Path, mapped.Bytes));
                }
            }
        }
        return files;
    }

    private void AssertRefused(string path, string what)
    {
        CollectionException? error = Record.Exception(() => SegmentSample.Open(Segment).Dispose()) as CollectionException;
        Assert.True(error is { Error: CollectionError.Checksum }, $"{what}: opened, or failed otherwise");
        string name = Path.GetFileName(path);
        Assert.True(error.Message.Contains(name, StringComparison.Ordinal), $"{what}: the error names another file: {error.Message}");
        Assert.True(SegmentScrub.Run(Segment, SegmentSample.Schema).Count > 0, $"{what}: scrubbing finds nothing");
    }

    private void AssertFoundAndHarmless(string path, long at)
    {
        Assert.True(SegmentScrub.Run(Segment, SegmentSample.Schema).Count > 0, $"byte {at} of {path}: scrubbing finds nothing");
        Assert.Throws<CollectionException>(() => DocumentSegment.Open(
            Segment, 1, SegmentSample.Schema, new SegmentOpenOptions { Verification = Verification.Blocks }));
        Harmless(() =>
        {
            using DocumentSegment segment = SegmentSample.Open(Segment);
            ReadEverything(segment);
        });
    }

    private static void ReadEverything(DocumentSegment segment)
    {
        var values = new float[64];
        for (int i = 0; i < Count + 20; i++)
        {
            Harmless(() => segment.TryFind(SegmentSample.IdFor(i), segment.Count, out _));
            if (i < segment.Count)
            {
                uint row = (uint)i;
                Harmless(() => segment.IdOf(row));
                Harmless(() => DocumentBody.ReadTexts(segment.BodyOf(row), SegmentSample.Schema, BodySelection.All));
                Harmless(() => segment.CopyVector(0, row, values));
                Harmless(() => segment.CopyVector(1, row, values));
            }
        }
        for (uint dimension = 0; dimension < 5; dimension++)
        {
            uint asked = dimension;
            Harmless(() =>
            {
                if (segment.Weights(0).Find(asked) is { } postings)
                {
                    var cursor = new PostingCursor(postings, new WeightScorer(1), 0);
                    for (; cursor.Row != PostingCursor.AtEnd; cursor.MoveTo(cursor.Row + 2))
                    {
                        cursor.Score();
                    }
                }
            });
        }
        for (int v = 0; v < 2; v++)
        {
            Harmless(() =>
            {
                using VectorSearcher searcher = segment.Vectors(v)!.CreateSearcher();
                float[] query = [.. Enumerable.Range(1, segment.Vectors(v)!.Dimension).Select(j => (float)j)];
                searcher.Search(query, new SearchOptions(), new Candidate[10]);
            });
        }
        Harmless(() =>
        {
            Condition red = new Condition.EqualTo("color", AttributeValue.OfKeyword("red"));
            Condition large = new Condition.Range("size", AtLeast: AttributeValue.OfInteger(3));
            CompiledFilter filter = CompiledFilter.Compile(new Filter { Must = [red, large] }, SegmentSample.Schema, UnindexedFilter.Scan);
            using RowSet rows = filter.Evaluate(segment.Filtered());
        });
    }

    // A typed error is as good as a wrong value that scrubbing finds; anything else escapes and fails the test.
    private static void Harmless(Action read)
    {
        try
        {
            read();
        }
        catch (CollectionException)
        {
        }
    }

    private void AssertSound() => Assert.Empty(SegmentScrub.Run(Segment, SegmentSample.Schema));

    private static void WithFlip(string path, long at, byte mask, Action act)
    {
        Flip(path, at, mask);
        try
        {
            act();
        }
        finally
        {
            Flip(path, at, mask);
        }
    }

    private static void Flip(string path, long at, byte mask)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = at;
        int value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ mask));
    }
}
