using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Merge;

/// <summary>
/// Makes one segment of several, without their dead rows. The graph of the largest stands: its rows keep their links,
/// levels and codes, dead links are healed, and only the rows of the others are inserted. One input with tombstones is a
/// consolidation, a live segment is a freeze. The same inputs in the same order give the same segment on any number of threads.
/// </summary>
public static class SegmentMerger
{
    /// <summary>With a greater share of dead rows, healing keeps less of a graph than it costs (limit as in qdrant).</summary>
    private const double MostDead = 0.3;

    /// <summary>Merges segments of one metric and dimension.</summary>
    /// <param name="options">Metric and links must be those of the inputs; tier, threads, breadth and seed are free.</param>
    /// <param name="progress">Where it keeps what it has done, and goes on from; null for nowhere.</param>
    public static VectorSegment Merge(
        IReadOnlyList<MergeInput> inputs, SegmentOptions options, out MergeReport report, CancellationToken cancel = default,
        MergeProgress? progress = null)
    {
        if (inputs.Count == 0)
        {
            throw new ArgumentException("A merge needs at least one segment: metric and dimension are taken from it.", nameof(inputs));
        }
        return Merge([.. inputs.Select(i => (GraphSource)new SegmentSource(i))], options, out report, cancel, progress);
    }

    /// <summary>
    /// Makes an immutable segment of a live one. Seal it first. Rows that die during the freeze are in the result: the
    /// caller kills them there too.
    /// </summary>
    public static VectorSegment Freeze(LiveSegment live, out MergeReport report, CancellationToken cancel = default) =>
        Freeze(live, default, live.Options.Graph.Threads, out report, cancel);

    /// <summary>The same, without rows that nobody wants any more although they were not killed.</summary>
    /// <param name="dead">One bit per ordinal of the live segment, or empty. Does not change during the freeze.</param>
    /// <param name="threads">Threads that work on it; the result is the same for any number.</param>
    public static VectorSegment Freeze(
        LiveSegment live, ReadOnlyMemory<ulong> dead, int threads, out MergeReport report, CancellationToken cancel = default)
    {
        if (!live.IsSealed)
        {
            throw new InvalidOperationException("The live segment is still open: seal it, so that no row is appended behind the freeze's back.");
        }
        if (live.PendingCount > 0 && live.Index is not null)
        {
            throw new InvalidOperationException($"{live.PendingCount} rows are still being linked by other threads: wait for them.");
        }
        return Merge([new LiveSource(live, dead.Span)], live.Options.Graph with { Threads = threads }, out report, cancel);
    }

    internal static VectorSegment Merge(
        List<GraphSource> sources, SegmentOptions options, out MergeReport report, CancellationToken cancel, MergeProgress? progress = null)
    {
        Validate(sources, options);
        // The largest first; equal ones in the caller's order.
        GraphSource[] ordered = [.. sources.OrderByDescending(s => s.LiveCount)];
        int standing = CanStand(ordered[0], options) ? 1 : 0;
        var plan = MergePlan.Make(ordered, standing, new LevelDraws(ordered, options), new RowTwins(ordered, standing));
        using var codes = new MergedCodes(plan, options, cancel);
        var space = new CodeSpace(codes.Calibration, options.Metric, codes.Codes, codes.Corrections, plan.Count)
        {
            Signs = codes.Signs,
            Truth = codes.Truth,
        };
        using var graph = new GraphBuilder(
            space, plan.LevelCounts, plan.Unique,
            new GraphBuildOptions(options.MaxLinks, options.BuildBreadth, options.Threads) { Seed = options.Seed });
        MergePosition from = progress?.Find(plan.Identity(options), graph.Levels, cancel) ?? default;
        int healed = Link(plan, space, graph, options, from, progress, cancel);
        uint[] final = LinkOrder.Compute(graph.Levels);
        uint[] entries = EntryPoints.Reorder(graph.Entries, final);
        SegmentParts parts = MergedParts.Assemble(plan, codes, graph.Levels, final, entries, options, cancel);
        report = new MergeReport(plan.Count, plan.Kept, healed, graph.Repaired, codes.Copied, from.Rows);
        return new VectorSegment(SegmentBuilder.Tune(parts, options));
    }

    private static int Link(
        MergePlan plan, CodeSpace space, GraphBuilder graph, SegmentOptions options, MergePosition from, MergeProgress? progress, CancellationToken cancel)
    {
        var near = new OldNeighbours(plan);
        int standing = plan.Kept, healed = from.Healed;
        if (standing > 0 && from.Rows == 0)
        {
            var copy = new GraphCopy(plan, space, graph.Levels);
            copy.Run(options.Threads, cancel);
            healed = copy.Healed;
        }
        foreach ((uint first, int count) in plan.Ranges)
        {
            // Without a standing graph the first row of all is where the others are inserted to.
            int skipped = standing == 0 ? 1 : 0;
            standing += skipped;
            // Rows that are in the graph already are those that an attempt before had come to.
            int done = Math.Clamp(from.Rows - standing, 0, count - skipped), before = standing + done;
            graph.Extend(
                first + (uint)(skipped + done), count - skipped - done, before, near, cancel,
                more => progress?.Keep(new MergePosition(before + more, healed), graph.Levels, cancel));
            standing += count - skipped;
        }
        graph.Finish(plan.FirstOf);
        return healed;
    }

    private static bool CanStand(GraphSource source, SegmentOptions options) => source.Calibration is not null
        && source.MaxLinks == options.MaxLinks && source.LiveCount > 0
        && source.Count - source.LiveCount <= MostDead * source.Count;

    private static void Validate(List<GraphSource> sources, SegmentOptions options)
    {
        options.Validate(sources[0].Dimension);
        foreach (GraphSource source in sources)
        {
            if (source.Metric != options.Metric || source.Dimension != sources[0].Dimension)
            {
                throw new ArgumentException(
                    $"A segment of {source.Metric} in {source.Dimension} dimensions cannot become part of one of {options.Metric} in {sources[0].Dimension}.");
            }
        }
    }
}
