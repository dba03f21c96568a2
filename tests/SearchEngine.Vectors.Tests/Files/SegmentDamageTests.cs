using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

/// <summary>
/// Damage is refused at opening or found by scrubbing; it never ends the process or reaches memory outside the rows.
/// </summary>
public sealed class SegmentDamageTests
{
    [Fact]
    public void ADamagedHeaderOfAnyFileRefusesTheSegment()
    {
        using var sample = new SampleSegment(Metric.L2, count: 300, tier: WalkTier.Sign);
        foreach (string file in sample.FileNames)
        {
            for (int at = 0; at < RowFileHeader.Bytes; at += at < 128 ? 1 : 61)
            {
                sample.Damage(file, at, 0x01);
                Assert.Throws<VectorFileException>(() => sample.Open().Dispose());
                Assert.NotEmpty(SegmentFiles.Scrub(sample.Directory));
                sample.Damage(file, at, 0x01);
            }
        }

        sample.Open(verification: Verification.Blocks).Dispose();
    }

    [Theory]
    [InlineData(Metric.L2, WalkTier.Sign)]
    [InlineData(Metric.Cosine, WalkTier.Code)]
    public void EveryDamagedBlockIsFoundByScrubbing(Metric metric, WalkTier tier)
    {
        const int Seed = 77;
        var random = new Random(Seed);
        using var sample = new SampleSegment(metric, count: 3000, tier: tier, prefixes: [32]);
        Assert.Equal(metric == Metric.Cosine, sample.FileNames.Contains("prefix-norms.f32"));
        foreach (string file in sample.FileNames.Where(f => f != SegmentLayout.ManifestName))
        {
            long data = new FileInfo(Path.Combine(sample.Directory, file)).Length - RowFileHeader.DataOffset - RowFileHeader.Bytes;
            long at = RowFileHeader.DataOffset + random.NextInt64(Math.Max(1, data));
            sample.Damage(file, at, 0x80);
            ScrubFinding finding = Assert.Single(SegmentFiles.Scrub(sample.Directory));
            Assert.EndsWith(file, finding.Path, StringComparison.Ordinal);
            Assert.Equal(
                FileDamage.Block, Assert.Throws<VectorFileException>(() => sample.Open(verification: Verification.Blocks)).Damage);
            sample.Damage(file, at, 0x80);
        }

        Assert.Empty(SegmentFiles.Scrub(sample.Directory));
    }

    [Theory]
    [MemberData(nameof(SampleSegment.MetricsAndTiers), MemberType = typeof(SampleSegment))]
    public void AWalkOverDamagedRowsStaysInsideThem(Metric metric, WalkTier tier)
    {
        const int Seed = 4242;
        var random = new Random(Seed);
        using var sample = new SampleSegment(metric, count: 3000, tier: tier);
        string[] damaged = [.. sample.FileNames.Where(f => f is not SegmentLayout.ManifestName and not "ids")];
        for (int round = 0; round < 6; round++)
        {
            foreach (string file in damaged)
            {
                long data = new FileInfo(Path.Combine(sample.Directory, file)).Length - RowFileHeader.DataOffset;
                for (int i = 0; i < 200; i++)
                {
                    sample.Damage(file, RowFileHeader.DataOffset + random.NextInt64(data), (byte)random.Next(1, 256));
                }
            }

            // Not one assertion about quality: only that it ends, with rows that exist, each at most once.
            using VectorSegment opened = sample.Open();
            for (int q = 0; q < sample.Queries.Count; q++)
            {
                Candidate[] hits = SampleSegment.Search(opened, sample.Queries.Row(q));
                Assert.All(hits, hit => Assert.InRange(hit.Ordinal, 0u, (uint)opened.Count - 1));
                Assert.Equal(hits.Length, hits.Select(h => h.Ordinal).Distinct().Count());
            }
        }
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        foreach (string file in (string[])["segment", "graph.l0", "truth.f16", "code.u8", "ids"])
        {
            using var sample = new SampleSegment(count: 300);
            File.Delete(Path.Combine(sample.Directory, file));
            VectorFileException refusal = Assert.Throws<VectorFileException>(() => sample.Open());
            Assert.Equal(FileDamage.Missing, refusal.Damage);
            Assert.EndsWith(file, refusal.Path, StringComparison.Ordinal);
            Assert.NotEmpty(SegmentFiles.Scrub(sample.Directory));
        }
    }

    [Fact]
    public void AFileOfAnotherSegmentIsRefused()
    {
        using var sample = new SampleSegment(count: 300);
        using var other = new SampleSegment(count: 300, seed: 2);
        foreach (string file in sample.FileNames.Where(f => f != SegmentLayout.ManifestName))
        {
            string path = Path.Combine(sample.Directory, file);
            byte[] own = File.ReadAllBytes(path);
            File.Copy(Path.Combine(other.Directory, file), path, overwrite: true);
            Assert.Equal(FileDamage.ForeignSegment, Assert.Throws<VectorFileException>(() => sample.Open()).Damage);
            Assert.Equal(FileDamage.ForeignSegment, Assert.Single(SegmentFiles.Scrub(sample.Directory)).Damage);
            File.WriteAllBytes(path, own);
        }

        sample.Open().Dispose();
    }
}
