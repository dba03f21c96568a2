using SearchEngine.Testing;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

public sealed class SegmentFilesTests
{
    [Theory]
    [MemberData(nameof(SampleSegment.MetricsAndTiers), MemberType = typeof(SampleSegment))]
    public void AReopenedSegmentAnswersAsBefore(Metric metric, WalkTier tier)
    {
        using var sample = new SampleSegment(metric, tier: tier);
        foreach (Residency residency in Enum.GetValues<Residency>())
        {
            using VectorSegment opened = sample.Open(residency, Verification.Blocks);
            for (int q = 0; q < sample.Queries.Count; q++)
            {
                Candidate[] before = SampleSegment.Search(sample.Built, sample.Queries.Row(q));
                Candidate[] after = SampleSegment.Search(opened, sample.Queries.Row(q));
                Assert.True(
                    before.AsSpan().SequenceEqual(after), $"Query {q} has other hits after reopening ({metric}, {tier}, {residency}).");
                foreach (Candidate hit in after)
                {
                    Assert.Equal(sample.Built.SourceRow(hit.Ordinal), opened.SourceRow(hit.Ordinal));
                }
            }
        }
    }

    [Fact]
    public void TheSameBuildOnAnyNumberOfThreadsGivesTheSameFiles()
    {
        using var one = new SampleSegment(threads: 1);
        foreach (int threads in (int[])[2, 3, 8])
        {
            using var many = new SampleSegment(threads: threads);
            Assert.Equal(one.FileNames, many.FileNames);
            foreach (string name in one.FileNames)
            {
                Assert.True(
                    File.ReadAllBytes(Path.Combine(one.Directory, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(many.Directory, name))),
                    $"{name} differs between 1 and {threads} threads: the build is not deterministic.");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(33)]
    public void TinySegmentsSurviveTheRoundTrip(int count)
    {
        using VectorSegment built = VectorSegment.Build(
            new FloatRowSource(Enumerable.Range(0, count * 3).Select(i => (float)i + 1).ToArray(), 3), new SegmentOptions());
        using var directory = new TempDirectory();
        SegmentFiles.Write(directory.File("tiny"), built.Parts);
        using var opened = new VectorSegment(SegmentFiles.Open(directory.File("tiny"), new SegmentOpenOptions()));
        Assert.Equal(Math.Min(count, 10), SampleSegment.Search(opened, [1, 2, 3]).Length);
        Assert.Empty(SegmentFiles.Scrub(directory.File("tiny")));
    }

    [Fact]
    public void ACrashAfterAnyStepOfWritingLeavesNothingOrAll()
    {
        using var sample = new SampleSegment(count: 300);
        var steps = new List<string>();
        using (var directory = new TempDirectory())
        {
            SegmentFiles.Write(directory.File("whole"), sample.Built.Parts, steps.Add);
        }

        Assert.True(steps.Count > sample.FileNames.Length, "Writing has fewer steps than files: crashes between files are not tested.");
        foreach (string crashAfter in steps)
        {
            using var directory = new TempDirectory();
            string target = directory.File("segment");
            Assert.Throws<InvalidOperationException>(() => SegmentFiles.Write(target, sample.Built.Parts, step =>
            {
                if (step == crashAfter)
                {
                    throw new InvalidOperationException("simulated crash");
                }
            }));
            if (Directory.Exists(target))
            {
                Assert.Empty(SegmentFiles.Scrub(target));
            }
            else
            {
                SegmentFiles.Write(target, sample.Built.Parts);
            }

            SegmentFiles.Open(target, new SegmentOpenOptions { Verification = Verification.Blocks }).Dispose();
        }
    }

    [Fact]
    public void APublishedSegmentIsNeverOverwritten()
    {
        using var sample = new SampleSegment(count: 300);
        Assert.Throws<IOException>(() => SegmentFiles.Write(sample.Directory, sample.Built.Parts));
    }
}
