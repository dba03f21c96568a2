using System.Globalization;
using System.Text;
using SearchEngine.Testing.Processes;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

/// <summary>The sizing guide tells bytes per vector; they have to be those of the files that a build makes.</summary>
public sealed class SizingTests
{
    private const int Rows = 64;

    private static readonly int[] Dimensions = [64, 128, 256, 384, 512, 768, 1024, 1536, 3072];

    [Fact]
    public void The_sizing_guide_has_the_bytes_of_the_files()
    {
        string guide = File.ReadAllText(Path.Combine(ChildProcess.RepositoryRoot, "src", "packaging", "sizing.md"));
        string table = string.Concat(Dimensions.Select(Line));
        Assert.True(guide.Contains(table, StringComparison.Ordinal), $"src/packaging/sizing.md does not have the sizes that a build makes, which are\n{table}");
    }

    private static string Line(int dimension)
    {
        Dictionary<FileKind, int> floats = Strides(dimension, null), bytes = Strides(dimension, ElementType.Int8), singles = Strides(dimension, ElementType.Float32);
        int walk = floats[FileKind.Codes] + floats.GetValueOrDefault(FileKind.Signs) + floats[FileKind.Links];
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"| {dimension:N0} | {floats[FileKind.Links]:N0} | {Shown(floats.GetValueOrDefault(FileKind.Signs))} | {floats[FileKind.Codes]:N0} ");
        line.Append(CultureInfo.InvariantCulture, $"| {floats[FileKind.Truth]:N0} | **{walk:N0}** | **{floats.Values.Sum():N0}** | {singles.Values.Sum():N0} | {bytes.Values.Sum():N0} |\n");
        return line.ToString();
    }

    private static string Shown(int bytes) => bytes == 0 ? "–" : bytes.ToString("N0", CultureInfo.InvariantCulture);

    // Cosine, the default. Upper links are for every 15th row only and left out.
    private static Dictionary<FileKind, int> Strides(int dimension, ElementType? truth)
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, Rows * dimension).Select(_ => (float)random.Next(-100, 101))];
        using SegmentParts parts = new SegmentBuilder(new FloatRowSource(values, dimension), new SegmentOptions { Threads = 1, Truth = truth }).Build(CancellationToken.None);
        return SegmentLayout.FilesOf(parts).Where(static file => file.Kind != FileKind.UpperLinks).ToDictionary(static file => file.Kind, static file => file.Rows.Stride);
    }
}
