using SearchEngine.Testing;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Merge;
using Xunit;

namespace SearchEngine.Vectors.Tests.Merge;

/// <summary>A merge that is cut short goes on where it was, to the segment that it would have made; what cannot be used counts as nothing.</summary>
public sealed class MergeProgressTests : IDisposable
{
    private const int Rows = 2_400;

    private static readonly byte[] Given = [1, 2, 3];

    private readonly TempDirectory _directory = new();
    private readonly MergeRun _run = new(Rows, duplicates: 0.1);
    private readonly List<VectorSegment> _segments;

    public MergeProgressTests() => _segments = [_run.Build(0, 1_500), _run.Build(1_500, 2_000), _run.Build(2_000, Rows)];

    private string Kept => _directory.File("kept");

    public void Dispose()
    {
        _segments.ForEach(static s => s.Dispose());
        _directory.Dispose();
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void AMergeThatIsCutShortAgainAndAgainMakesTheSameSegment(double dead)
    {
        List<MergeInput> inputs = Inputs(dead);
        byte[] expected = Bytes(SegmentMerger.Merge(inputs, _run.Options, out MergeReport whole), "whole");
        int attempts = 0, last = 0;
        for (; ; attempts++)
        {
            using var cancel = new CancellationTokenSource();
            int from = last, kept = 0;
            MergeProgress progress = Progress(rows =>
            {
                last = rows;
                if (++kept == 3)
                {
                    cancel.Cancel();
                }
            });
            try
            {
                using VectorSegment merged = SegmentMerger.Merge(
                    inputs, _run.Options with { Threads = 1 + attempts % 2 }, out MergeReport report, cancel.Token, progress);
                Assert.Equal((from, from), (report.Resumed, progress.Resumed));
                Assert.Equal(whole with { Resumed = from }, report);
                Assert.True(expected.AsSpan().SequenceEqual(Bytes(merged, "resumed")), $"After {attempts} breaks another segment was made.");
                break;
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(from, progress.Resumed);
                Assert.Equal(Given, MergeProgress.InputsOf(Kept));
            }
        }
        Assert.True(attempts >= 3, $"{attempts} breaks: the merge was hardly cut short.");
    }

    [Fact]
    public void WhatIsDamagedOrOfAnotherMergeCountsAsNothing()
    {
        List<MergeInput> inputs = Inputs(0.1);
        byte[] expected = Bytes(SegmentMerger.Merge(inputs, _run.Options, out _), "whole");
        CutShort(inputs);
        string[] files = Directory.GetFiles(Kept, "*", SearchOption.AllDirectories);
        Assert.True(files.Length >= 4, $"Only {files.Length} files are kept.");
        foreach (string file in files)
        {
            byte[] sound = File.ReadAllBytes(file);
            // In the header, the attachment and the rows; the space between means nothing.
            foreach (int at in new[] { 18, 4096 + 3, (int)RowFileHeader.DataOffset + 11, sound.Length - 1 }.Where(at => at != 4096 + 3 || file.EndsWith("links.0", StringComparison.Ordinal)))
            {
                byte[] damaged = [.. sound];
                damaged[at] ^= 4;
                File.WriteAllBytes(file, damaged);
                Assert.True(Resumed(inputs) == 0, $"A byte of {Path.GetFileName(file)} at {at} is another, and the merge went on from it.");
            }
            File.WriteAllBytes(file, sound.AsSpan(0, sound.Length / 2));
            Assert.True(Resumed(inputs) == 0, $"{Path.GetFileName(file)} is half there, and the merge went on from it.");
            File.WriteAllBytes(file, sound);
        }
        Assert.Equal(0, Resumed(Inputs(0.11)));
        Assert.Equal(0, Resumed(inputs, given: [4]));
        Assert.True(Resumed(inputs) > 0, "What is sound again was not used.");

        int Resumed(List<MergeInput> of, byte[]? given = null)
        {
            var progress = new MergeProgress(Kept, given ?? Given, TimeProvider.System) { Every = TimeSpan.FromDays(1) };
            byte[] made = Bytes(SegmentMerger.Merge(of, _run.Options, out _, default, progress), "made");
            Assert.True(of != inputs || made.AsSpan().SequenceEqual(expected), "Another segment was made.");
            return progress.Resumed;
        }
    }

    [Fact]
    public void AMergeThatCannotKeepAnythingIsMadeAllTheSame()
    {
        List<MergeInput> inputs = Inputs(0.1);
        byte[] expected = Bytes(SegmentMerger.Merge(inputs, _run.Options, out _), "whole");
        File.WriteAllText(Kept, "a file is in the way");
        var failures = new List<Exception>();
        var progress = new MergeProgress(Kept, Given, TimeProvider.System) { Every = TimeSpan.Zero, Failed = failures.Add };
        Assert.Equal(expected, Bytes(SegmentMerger.Merge(inputs, _run.Options, out _, default, progress), "made"));
        Assert.NotEmpty(failures);
        Assert.Null(MergeProgress.InputsOf(Kept));
    }

    [Fact]
    public void NothingIsKeptBeforeItIsTimeOrWithoutRoom()
    {
        List<MergeInput> inputs = Inputs(0.1);
        int asked = 0;
        foreach (MergeProgress progress in new[]
        {
            new MergeProgress(Kept, Given, TimeProvider.System) { Every = TimeSpan.FromDays(1) },
            new MergeProgress(Kept, Given, TimeProvider.System)
            {
                Every = TimeSpan.Zero,
                HasRoom = bytes =>
                {
                    asked++;
                    return bytes < Rows * 100;
                },
            },
        })
        {
            SegmentMerger.Merge(inputs, _run.Options, out _, default, progress).Dispose();
            Assert.False(Directory.Exists(Kept), "Something was kept.");
        }
        Assert.True(asked > 0, "Nobody asked for room.");
    }

    private void CutShort(List<MergeInput> inputs)
    {
        using var cancel = new CancellationTokenSource();
        int kept = 0;
        MergeProgress progress = Progress(_ =>
        {
            if (++kept == 8)
            {
                cancel.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => SegmentMerger.Merge(inputs, _run.Options, out _, cancel.Token, progress));
    }

    private MergeProgress Progress(Action<int> kept) => new(Kept, Given, TimeProvider.System) { Every = TimeSpan.Zero, Kept = kept };

    private List<MergeInput> Inputs(double dead) =>
    [
        .. _segments.Select(s => new MergeInput { Segment = s, Dead = MergeRun.Words(s.Count, i => i % 100 < 100 * dead) }),
    ];

    private byte[] Bytes(VectorSegment segment, string name)
    {
        string directory = _directory.File(name);
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
        using (segment)
        {
            SegmentFiles.Write(directory, segment.Parts);
        }
        return [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];
    }
}
