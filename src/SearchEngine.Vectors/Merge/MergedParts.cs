using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Merge;

/// <summary>Puts the parts of a merged segment together in their final order; bytes are copied, nothing is computed again.</summary>
internal static class MergedParts
{
    /// <param name="final">For every ordinal of the segment its ordinal in the plan.</param>
    /// <param name="entries">Where walks start.</param>
    public static SegmentParts Assemble(
        MergePlan plan, MergedCodes codes, IReadOnlyList<BuildLevel> levels, uint[] final, uint[] entries, SegmentOptions options,
        CancellationToken cancel)
    {
        int count = plan.Count, dimension = plan.Sources[0].Dimension;
        ElementType element = codes.Element;
        int[] cuts = [.. codes.Calibration.Cuts];
        var parts = new SegmentParts
        {
            Metric = options.Metric,
            Dimension = dimension,
            MaxLinks = options.MaxLinks,
            Calibration = codes.Calibration,
            TruthElement = element,
            Truth = AnonymousRows.Allocate(count, TruthRows.StrideOf(element, dimension)),
            Codes = AnonymousRows.Allocate(count, codes.Codes.Stride),
            Signs = codes.Signs is null || options.Tier == WalkTier.Code ? null : AnonymousRows.Allocate(count, codes.Signs.Stride),
            Corrections = codes.Corrections is null ? null : AnonymousRows.Allocate(count, codes.Corrections.Stride),
            Norms = options.Metric == Metric.Cosine ? AnonymousRows.Allocate(count, sizeof(float)) : null,
            PrefixNorms = options.Metric == Metric.Cosine && cuts.Length > 0 ? AnonymousRows.Allocate(count, cuts.Length * sizeof(float)) : null,
            Links = AnonymousRows.Allocate(count, 2 * options.MaxLinks * sizeof(uint)),
            Upper = levels.Count > 1 ? AnonymousRows.Allocate(levels.Skip(1).Sum(l => l.Count), options.MaxLinks * sizeof(uint)) : null,
            LevelCounts = [.. levels.Skip(1).Select(l => l.Count)],
            EntryPoints = entries,
            Sources = AnonymousRows.Allocate(count, sizeof(uint)),
            Tier = codes.Signs is null ? WalkTier.Code : options.Tier ?? WalkTier.Sign,
        };
        MergeThreads.Run(count, options.Threads, cancel, (from, to) =>
        {
            var row = new float[dimension];
            for (uint i = (uint)from; i < (uint)to; i++)
            {
                CopyRow(plan, codes, parts, i, final[i]);
                CopyTruth(plan, parts, i, final[i], row);
                if (parts.PrefixNorms is not null)
                {
                    TruthRows.WritePrefixNorms(parts.PrefixNorms, i, row, cuts);
                }
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
    }

    // Leaves the row as it is stored in row.
    private static void CopyTruth(MergePlan plan, SegmentParts parts, uint ordinal, uint planned, float[] row)
    {
        (int s, uint old) = plan.At(planned);
        TruthRows truth = plan.Sources[s].Truth;
        if (truth.Element == parts.TruthElement)
        {
            truth.Rows.Row(old).CopyTo(parts.Truth.Row(ordinal));
            truth.ReadStored(old, row);
            return;
        }
        truth.Read(old, row);
        TruthRows.Write(parts.Truth, parts.TruthElement, ordinal, row);
    }
}
