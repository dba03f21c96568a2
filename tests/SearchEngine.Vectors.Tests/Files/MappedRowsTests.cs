using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

public sealed class MappedRowsTests
{
    [Fact]
    public void PopulatedRowsAreInMemory()
    {
        using var sample = new SampleFile(count: 100_000);
        using MappedRows rows = RowFile.Open(sample.Path, FileKind.Truth, out _);
        rows.ExpectRandomAccess();
        rows.Populate(CancellationToken.None);
        Assert.True(rows.ResidentBytes >= rows.Bytes, $"{rows.ResidentBytes} of {rows.Bytes} bytes are in memory after populating.");
    }

    [Fact]
    public void ACopyOnHugePagesEqualsTheFile()
    {
        using var sample = new SampleFile(count: 300_000);
        using MappedRows rows = RowFile.Open(sample.Path, FileKind.Truth, out _);
        using AnonymousRows copy = rows.CopyToHugePages(CancellationToken.None);
        Assert.Equal(0, copy.Address % (2 << 20));
        Assert.True(copy.Rows(0, copy.Count).SequenceEqual(rows.Rows(0, rows.Count)), "The copy differs from the file.");
    }

    [Fact]
    public void TheLastRowCanBeReadInWholeLines()
    {
        // 4096 bytes of rows end exactly at a page: the line behind them must be inside the mapping.
        using var sample = new SampleFile(count: 1024, stride: 4);
        using MappedRows rows = RowFile.Open(sample.Path, FileKind.Truth, out _);
        unsafe
        {
            byte sum = 0;
            for (int i = 0; i < 64; i++)
            {
                sum += ((byte*)rows.Address)[rows.Bytes + i];
            }

            Assert.InRange(sum, byte.MinValue, byte.MaxValue);
        }
    }

    [Fact]
    public void PopulatingStopsWhenCancelled()
    {
        using var sample = new SampleFile();
        using MappedRows rows = RowFile.Open(sample.Path, FileKind.Truth, out _);
        Assert.Throws<OperationCanceledException>(() => rows.Populate(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void AnEmptyFileMapsToNoRows()
    {
        using var sample = new SampleFile(count: 0);
        using MappedRows rows = RowFile.Open(sample.Path, FileKind.Truth, out _);
        rows.Populate(CancellationToken.None);
        using AnonymousRows copy = rows.CopyToHugePages(CancellationToken.None);
        Assert.Equal((0, 0), (rows.Count, copy.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = rows.Row(0); });
    }
}
