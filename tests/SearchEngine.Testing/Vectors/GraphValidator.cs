namespace SearchEngine.Testing.Vectors;

/// <summary>
/// Checks what a navigable graph promises: links in range, no self-link, no duplicate, degree within bounds, links of a
/// level only to ordinals that stand on it, every live ordinal with an inbound link and reachable from an entry point.
/// </summary>
public static class GraphValidator
{
    private const int MaxReported = 10;

    public static GraphReport Check(IGraphRows graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var faults = new List<string>();
        long links = 0;
        var inbound = new int[graph.Count];
        for (int level = Math.Max(0, graph.TopLevel); level >= 0; level--)
        {
            for (int ordinal = 0; ordinal < graph.Count; ordinal++)
            {
                if (graph.LevelOf(ordinal) >= level)
                {
                    int degree = CheckRow(graph, level, ordinal, level == 0 ? inbound : null, faults);
                    links += level == 0 ? degree : 0;
                }
            }
        }

        CheckEntryPoints(graph, faults);
        int orphans = CountOrphans(graph, inbound, faults);
        int unreachable = CountUnreachable(graph, faults);
        double meanDegree = graph.Count == 0 ? 0 : (double)links / graph.Count;
        double reciprocity = faults.Count == 0 ? MeasureReciprocity(graph) : 0;
        return new GraphReport(faults, meanDegree, reciprocity, orphans, unreachable);
    }

    /// <summary>Throws with the first faults when there are any.</summary>
    public static GraphReport AssertValid(IGraphRows graph, string scenario)
    {
        GraphReport report = Check(graph);
        return report.Faults.Count == 0
            ? report
            : throw new InvalidOperationException(
                $"The graph is broken after {scenario}: {string.Join("; ", report.Faults.Take(MaxReported))}"
                + (report.Faults.Count > MaxReported ? $" and {report.Faults.Count - MaxReported} more." : "."));
    }

    private static int CheckRow(IGraphRows graph, int level, int ordinal, int[]? inbound, List<string> faults)
    {
        ReadOnlySpan<uint> row = graph.Row(level, ordinal);
        int degree = row.IndexOf(graph.Unused);
        degree = degree < 0 ? row.Length : degree;
        string where = $"level {level}, ordinal {ordinal}";
        if (degree > graph.MaxLinks(level))
        {
            faults.Add($"{where}: {degree} links, at most {graph.MaxLinks(level)} are allowed");
        }

        if (row[degree..].IndexOfAnyExcept(graph.Unused) >= 0)
        {
            faults.Add($"{where}: a link follows an unused slot");
        }

        var seen = new HashSet<uint>();
        foreach (uint target in row[..degree])
        {
            if (target >= (uint)graph.Count)
            {
                faults.Add($"{where}: link {target} is out of range");
                continue;
            }

            if (target == (uint)ordinal)
            {
                faults.Add($"{where}: links to itself");
            }

            if (!seen.Add(target))
            {
                faults.Add($"{where}: links twice to {target}");
            }

            if (graph.LevelOf((int)target) < level)
            {
                faults.Add($"{where}: links to {target}, which does not stand on this level");
            }

            if (inbound is not null)
            {
                inbound[target]++;
            }
        }

        return degree;
    }

    private static void CheckEntryPoints(IGraphRows graph, List<string> faults)
    {
        if (graph.Count > 0 && graph.EntryPoints.Count == 0)
        {
            faults.Add("there are rows but no entry point");
        }

        bool reachesTop = graph.Count == 0;
        foreach (int entry in graph.EntryPoints)
        {
            if ((uint)entry >= (uint)graph.Count)
            {
                faults.Add($"entry point {entry} is out of range");
                continue;
            }

            reachesTop |= graph.LevelOf(entry) == graph.TopLevel;
        }

        if (!reachesTop)
        {
            faults.Add("no entry point stands on the top level");
        }
    }

    private static int CountOrphans(IGraphRows graph, int[] inbound, List<string> faults)
    {
        int orphans = 0;
        for (int ordinal = 0; ordinal < graph.Count && graph.Count > 1; ordinal++)
        {
            if (inbound[ordinal] == 0 && graph.IsLive(ordinal) && !graph.EntryPoints.Contains(ordinal))
            {
                orphans++;
                faults.Add($"ordinal {ordinal} has no inbound link on the ground level");
            }
        }

        return orphans;
    }

    private static int CountUnreachable(IGraphRows graph, List<string> faults)
    {
        var reached = new bool[graph.Count];
        var waiting = new Queue<int>();
        foreach (int entry in graph.EntryPoints)
        {
            if ((uint)entry < (uint)graph.Count && !reached[entry])
            {
                reached[entry] = true;
                waiting.Enqueue(entry);
            }
        }

        while (waiting.TryDequeue(out int ordinal))
        {
            foreach (uint target in graph.Row(0, ordinal))
            {
                if (target < (uint)graph.Count && !reached[target])
                {
                    reached[target] = true;
                    waiting.Enqueue((int)target);
                }
            }
        }

        int unreachable = 0;
        for (int ordinal = 0; ordinal < graph.Count; ordinal++)
        {
            if (!reached[ordinal] && graph.IsLive(ordinal))
            {
                unreachable++;
                faults.Add($"ordinal {ordinal} cannot be reached from an entry point");
            }
        }

        return unreachable;
    }

    /// <summary>
    /// Share of the links whose target links back: reported, not asserted; far below one half the pruning is suspect.
    /// </summary>
    private static double MeasureReciprocity(IGraphRows graph)
    {
        long links = 0, answered = 0;
        for (int ordinal = 0; ordinal < graph.Count; ordinal++)
        {
            foreach (uint target in graph.Row(0, ordinal))
            {
                if (target != graph.Unused)
                {
                    links++;
                    answered += graph.Row(0, (int)target).Contains((uint)ordinal) ? 1 : 0;
                }
            }
        }

        return links == 0 ? 1 : (double)answered / links;
    }
}
