using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Files;

/// <summary>
/// The files of a segment: name, element and the shape that follows from dimension, links and calibration.
/// </summary>
internal static class SegmentLayout
{
    public const string ManifestName = "segment";

    public static string NameOf(FileKind kind, ElementType truth) => kind switch
    {
        FileKind.Truth => truth switch
        {
            ElementType.Float16 => "truth.f16",
            ElementType.Float32 => "truth.f32",
            ElementType.Int8 => "truth.i8",
            _ => throw new ArgumentOutOfRangeException(nameof(truth), truth, "Truth is not stored as that."),
        },
        FileKind.Codes => "code.u8",
        FileKind.Signs => "code.b1",
        FileKind.Links => "graph.l0",
        FileKind.UpperLinks => "graph.up",
        FileKind.Sources => "ids",
        FileKind.Corrections => "corrections.f32",
        FileKind.Norms => "norms.f32",
        FileKind.PrefixNorms => "prefix-norms.f32",
        FileKind.Segment => ManifestName,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such file in a segment."),
    };

    /// <summary>The parts that are files, in the order they are written.</summary>
    public static IEnumerable<(FileKind Kind, RowMemory Rows)> FilesOf(SegmentParts parts)
    {
        yield return (FileKind.Truth, parts.Truth);
        yield return (FileKind.Codes, parts.Codes);
        if (parts.Signs is not null)
        {
            yield return (FileKind.Signs, parts.Signs);
        }

        if (parts.Corrections is not null)
        {
            yield return (FileKind.Corrections, parts.Corrections);
        }

        if (parts.Norms is not null)
        {
            yield return (FileKind.Norms, parts.Norms);
        }

        if (parts.PrefixNorms is not null)
        {
            yield return (FileKind.PrefixNorms, parts.PrefixNorms);
        }

        yield return (FileKind.Links, parts.Links);
        if (parts.Upper is not null)
        {
            yield return (FileKind.UpperLinks, parts.Upper);
        }

        yield return (FileKind.Sources, parts.Sources);
    }

    public static ElementType ElementOf(FileKind kind, ElementType truth) => kind switch
    {
        FileKind.Truth => truth,
        FileKind.Codes => ElementType.BiasedInt8,
        FileKind.Signs => ElementType.Sign,
        FileKind.Corrections or FileKind.Norms or FileKind.PrefixNorms => ElementType.Float32,
        FileKind.Segment => ElementType.Opaque,
        _ => ElementType.UInt32,
    };

    /// <summary>Elements and bytes of a row of the kind. What a file says must equal this: kernels trust it.</summary>
    public static (int Dim, int Stride) ShapeOf(FileKind kind, SegmentManifest manifest, Calibration calibration) => kind switch
    {
        FileKind.Truth => (manifest.Dimension, TruthRows.StrideOf(manifest.Truth, manifest.Dimension)),
        FileKind.Codes => (calibration.CodeDimension, calibration.CodeDimension),
        FileKind.Signs => (calibration.CodeDimension, calibration.SignStride),
        FileKind.Corrections => (2, 2 * sizeof(float)),
        FileKind.Norms => (1, sizeof(float)),
        FileKind.PrefixNorms => (calibration.Cuts.Count, calibration.Cuts.Count * sizeof(float)),
        FileKind.Links => (2 * manifest.MaxLinks, 2 * manifest.MaxLinks * sizeof(uint)),
        FileKind.UpperLinks => (manifest.MaxLinks, manifest.MaxLinks * sizeof(uint)),
        FileKind.Sources => (1, sizeof(uint)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There are no rows of that kind."),
    };
}
