using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

public sealed class RowFileTests
{
    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 4)]
    [InlineData(1000, 64)]
    [InlineData(32768, 64)]
    [InlineData(50_001, 128)]
    public void WhatWasWrittenIsRead(int count, int stride)
    {
        using var sample = new SampleFile(count, stride);
        using MappedRows rows = RowFile.Open(sample.Path, FileKind.Truth, out byte[] attachment);
        Assert.Equal(SampleFile.Attachment, attachment);
        Assert.Equal(sample.Header, rows.Header);
        Assert.Equal((count, stride), (rows.Count, rows.Stride));
        for (int i = 0; i < count; i++)
        {
            Span<byte> row = rows.Row((uint)i);
            for (int j = 0; j < stride; j += 3)
            {
                Assert.True(row[j] == SampleFile.ValueAt(i, j), $"Row {i} byte {j} changed on the way through the file.");
            }
        }

        Assert.Empty(RowFile.Scrub(sample.Path, FileKind.Truth, CancellationToken.None));
    }

    [Fact]
    public void EqualRowsGiveEqualFiles()
    {
        using var one = new SampleFile();
        using var other = new SampleFile();
        Assert.Equal(File.ReadAllBytes(one.Path), File.ReadAllBytes(other.Path));
    }

    [Fact]
    public void RowsStartOnALineAndOnALargePageOfTheFile()
    {
        using var sample = new SampleFile();
        using MappedRows rows = RowFile.Open(sample.Path, FileKind.Truth, out _);
        Assert.Equal(0, rows.Address % 64);
        Assert.Equal(0, RowFileHeader.DataOffset % (2 << 20));
    }

    [Fact]
    public void EveryFlippedHeaderByteIsRefused()
    {
        using var sample = new SampleFile(count: 10);
        for (int at = 0; at < RowFileHeader.Bytes; at++)
        {
            sample.Flip(at);
            VectorFileException refusal = Assert.Throws<VectorFileException>(
                () => RowFile.Open(sample.Path, FileKind.Truth, out _).Dispose());
            Assert.False(string.IsNullOrEmpty(refusal.Remedy), $"The refusal of header byte {at} does not say what to do.");
            sample.Flip(at);
        }

        RowFile.Open(sample.Path, FileKind.Truth, out _).Dispose();
    }

    [Fact]
    public void EveryFlippedAttachmentByteIsRefused()
    {
        using var sample = new SampleFile(count: 10);
        for (int at = 0; at < SampleFile.Attachment.Length; at++)
        {
            sample.Flip(RowFileHeader.Bytes + at);
            Assert.Equal(FileDamage.Attachment, DamageOf(sample));
            sample.Flip(RowFileHeader.Bytes + at);
        }
    }

    [Theory]
    [InlineData(0, FileDamage.ForeignFormat)]
    [InlineData(8, FileDamage.ByteOrder)]
    [InlineData(12, FileDamage.Version)]
    [InlineData(72, FileDamage.Header)]
    [InlineData(4095, FileDamage.Header)]
    public void TheDamageOfAHeaderIsNamed(int at, FileDamage expected)
    {
        using var sample = new SampleFile(count: 10);
        sample.Flip(at);
        Assert.Equal(expected, DamageOf(sample));
    }

    [Theory]
    [InlineData(0, FileDamage.TooShort)]
    [InlineData(100, FileDamage.TooShort)]
    [InlineData(4096, FileDamage.Size)]
    [InlineData(-1, FileDamage.Size)]
    [InlineData(+1, FileDamage.Size)]
    public void AFileOfTheWrongLengthIsRefusedBeforeItIsMapped(int length, FileDamage expected)
    {
        using var sample = new SampleFile();
        using (var file = new FileStream(sample.Path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.SetLength(length is -1 or 1 ? file.Length + length : length);
        }

        Assert.Equal(expected, DamageOf(sample));
    }

    [Fact]
    public void AMissingFileAndAForeignKindAreNamed()
    {
        using var sample = new SampleFile();
        Assert.Equal(
            FileDamage.Kind,
            Assert.Throws<VectorFileException>(() => RowFile.Open(sample.Path, FileKind.Codes, out _)).Damage);
        Assert.Equal(
            FileDamage.Missing,
            Assert.Throws<VectorFileException>(() => RowFile.Open(sample.Path + "-", FileKind.Truth, out _)).Damage);
    }

    [Fact]
    public void AHeaderWhoseFieldsContradictEachOtherIsRefusedEvenWithARightChecksum()
    {
        using var sample = new SampleFile();
        Span<byte> page = new byte[RowFileHeader.Bytes];
        (sample.Header with { Count = int.MaxValue, Stride = RowFileHeader.MaxStride }).Write(page);
        byte[] forged = page.ToArray();
        Assert.Equal(
            FileDamage.Size,
            Assert.Throws<VectorFileException>(() => RowFileHeader.Read(forged, new FileInfo(sample.Path).Length, "forged")).Damage);
        foreach (RowFileHeader header in (RowFileHeader[])
        [
            sample.Header with { Stride = 0 }, sample.Header with { Stride = RowFileHeader.MaxStride + 1 },
            sample.Header with { Dim = -1 }, sample.Header with { Dim = RowFileHeader.MaxDim + 1 },
            sample.Header with { AttachmentBytes = RowFileHeader.MaxAttachmentBytes + 1 },
            sample.Header with { Kind = (FileKind)999 }, sample.Header with { Element = (ElementType)99 },
            sample.Header with { Count = -1 },
        ])
        {
            var bytes = new byte[RowFileHeader.Bytes];
            header.Write(bytes);
            Assert.Equal(
                FileDamage.Contradiction,
                Assert.Throws<VectorFileException>(() => RowFileHeader.Read(bytes, header.FileBytes, "forged")).Damage);
        }
    }

    [Fact]
    public void ScrubbingFindsEveryDamagedBlock()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        using var sample = new SampleFile(count: 200_000, stride: 64);
        for (int trial = 0; trial < 4; trial++)
        {
            long at = random.NextInt64(sample.Header.DataBytes);
            sample.Flip(RowFileHeader.DataOffset + at, (byte)(1 << random.Next(8)));
            ScrubFinding finding = Assert.Single(RowFile.Scrub(sample.Path, FileKind.Truth, CancellationToken.None));
            Assert.Equal(FileDamage.Block, finding.Damage);
            Assert.StartsWith($"block {at / RowFileHeader.BlockBytes} ", finding.Description, StringComparison.Ordinal);
            File.Delete(sample.Path);
            using AnonymousRows rows = SampleFile.Rows(sample.Header.Count, sample.Header.Stride);
            RowFile.Write(sample.Path, sample.Header, SampleFile.Attachment, rows, RowFile.BlockChecksums(rows));
        }
    }

    [Fact]
    public void ScrubbingFindsADamagedOrForeignTrailer()
    {
        using var sample = new SampleFile(count: 200_000);
        for (int at = 0; at < sample.Header.TrailerBytes; at++)
        {
            sample.Flip(sample.Header.TrailerOffset + at);
            ScrubFinding finding = Assert.Single(RowFile.Scrub(sample.Path, FileKind.Truth, CancellationToken.None));
            Assert.Equal(FileDamage.Trailer, finding.Damage);
            sample.Flip(sample.Header.TrailerOffset + at);
        }

        // The trailer of a file that differs only in the segment it belongs to: same blocks, another header.
        using AnonymousRows rows = SampleFile.Rows(sample.Header.Count, sample.Header.Stride);
        string other = sample.Path + "-other";
        RowFile.Write(
            other, sample.Header with { Segment = Guid.Empty }, SampleFile.Attachment, rows, RowFile.BlockChecksums(rows));
        byte[] foreign = File.ReadAllBytes(other)[(int)sample.Header.TrailerOffset..];
        using (var file = new FileStream(sample.Path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = sample.Header.TrailerOffset;
            file.Write(foreign);
        }

        Assert.Equal(
            FileDamage.Trailer, Assert.Single(RowFile.Scrub(sample.Path, FileKind.Truth, CancellationToken.None)).Damage);
    }

    [Fact]
    public void APublishedFileIsNeverOverwritten()
    {
        using var sample = new SampleFile();
        using AnonymousRows rows = SampleFile.Rows(10, 64);
        Assert.ThrowsAny<IOException>(
            () => RowFile.Write(sample.Path, sample.Header with { Count = 10 }, [], rows, RowFile.BlockChecksums(rows)));
    }

    private static FileDamage DamageOf(SampleFile sample) => Assert.Throws<VectorFileException>(
        () => RowFile.Open(sample.Path, FileKind.Truth, out _).Dispose()).Damage;
}
