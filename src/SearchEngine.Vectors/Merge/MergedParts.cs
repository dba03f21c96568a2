using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Merge;

/// <summary>Puts the parts of a merged segment together in their final order; bytes are copied, nothing is computed again.</summary>
internal static class MergedParts
{
    /// <param name="final">For every ordinal of the segment its ordinal in the plan.</param>
    public static SegmentParts Assemble(
        MergePlan plan, MergedCodes codes, IReadOnlyList<BuildLevel> levels, uint[] final, SegmentOptions options, CancellationToken cancel)
    {
        int count = plan.Count, dimension = plan.Sources[0].Dimension;
        ElementType element = plan.Sources.Any(s => s.TruthElement == ElementType.Float32) ? ElementType.Float32 : ElementType.Float16;
        int stride = element == ElementType.Float16 ? (2 * dimension + 63) / 64 * 64 : (4 * dimension + 127) / 128 * 128;
        var parts = new SegmentParts
        {
            Metric = options.Metric,
            Dimension = dimension,
            MaxLinks = options.MaxLinks,
            Calibration = codes.Calibration,
            TruthElement = element,
            Truth = AnonymousRows.Allocate(count, stride),
            Codes = AnonymousRows.Allocate(count, codes.Codes.Stride),
            Signs = codes.Signs is null || options.Tier == WalkTier.Code ? null : AnonymousRows.Allocate(count, codes.Signs.Stride),
            Corrections = codes.Corrections is null ? null : AnonymousRows.Allocate(count, codes.Corrections.Stride),
            Norms = options.Metric == Metric.Cosine ? AnonymousRows.Allocate(count, sizeof(float)) : null,
            Links = AnonymousRows.Allocate(count, 2 * options.MaxLinks * sizeof(uint)),
            Upper = levels.Count > 1 ? AnonymousRows.Allocate(levels.Skip(1).Sum(l => l.Count), options.MaxLinks * sizeof(uint)) : null,
            LevelCounts = [.. levels.Skip(1).Select(l => l.Count)],
            EntryPoints = count > 0 ? [(uint)Array.IndexOf(final, 0u)] : [],
            Sources = AnonymousRows.Allocate(count, sizeof(uint)),
            Tier = options.Tier ?? (codes.Signs is null ? WalkTier.Code : WalkTier.Sign),
        };
        MergeThreads.Run(count, options.Threads, cancel, (from, to) =>
        {
            for (uint i = (uint)from; i < (uint)to; i++)
            {
                CopyRow(plan, codes, parts, i, final[i]);
            }
        });
        LinkWriter.Write(levels, final, parts.Links, parts.Upper);
        return parts;
    }

    private static void CopyRow(MergePlan plan, MergedCodes codes, SegmentParts parts, uint ordinal, uint planned)
    {
        (int s, uint old) = plan.At(planned);
        GraphSource source = plan.Sources[s];
        codes.Codes.Row(planned).CopyTo(parts.Codes.Row(ordinal));
        if (parts.Signs is not null)
        {
            codes.Signs!.Row(planned).CopyTo(parts.Signs.Row(ordinal));
        }
        if (parts.Corrections is not null)
        {
            codes.Corrections!.Row(planned).CopyTo(parts.Corrections.Row(ordinal));
        }
        if (parts.Norms is not null)
        {
            source.Norms!.Row(old).CopyTo(parts.Norms.Row(ordinal));
        }
        parts.Sources.RowAs<uint>(ordinal)[0] = source.SourceOf(old);
        if (source.TruthElement == parts.TruthElement)
        {
            source.Truth.Row(old).CopyTo(parts.Truth.Row(ordinal));
        }
        else
        {
            TruthRow.Read(source.Truth, source.TruthElement, old, parts.Truth.RowAs<float>(ordinal)[..parts.Dimension]);
        }
    }
}
