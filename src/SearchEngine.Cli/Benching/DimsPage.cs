using System.Globalization;
using System.Net;
using System.Text;

namespace SearchEngine.Cli.Benching;

/// <summary>The points as a page with plots: inline SVG, no script, nothing from elsewhere; values appear where the pointer rests.</summary>
internal static class DimsPage
{
    private const string Head =
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Dimensions and latency</title>
        <style>
        :root { color-scheme: light dark; --ink: #1b1f24; --faint: #6b7280; --rule: #d5d9e0; --page: #ffffff;
          --c0: #2563eb; --c1: #c2410c; --c2: #15803d; --c3: #9333ea; --c4: #b91c1c; --c5: #0e7490; --c6: #a16207; --c7: #4b5563; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --faint: #9aa3b2; --rule: #3a414d; --page: #14171c;
          --c0: #7aa2ff; --c1: #ff9d66; --c2: #63d18a; --c3: #cf9bff; --c4: #ff8a8a; --c5: #5fd0e3; --c6: #e2c05f; --c7: #aab2c0; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
        svg { width: 100%; height: auto; margin: .5rem 0 1.5rem; } text { font: 12px system-ui, sans-serif; fill: var(--faint); }
        .rule { stroke: var(--rule); stroke-width: 1; } .front { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 4; }
        .line { fill: none; stroke-width: 1.2; opacity: .55; } circle { stroke: var(--page); stroke-width: 1; } circle.best { stroke: var(--ink); stroke-width: 2; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--rule); }
        th:first-child, td:first-child { text-align: left; } tr.best { font-weight: 600; } p, caption { color: var(--faint); text-align: left; } .key { display: inline-block; margin-right: 1.2rem; }
        .scroll { overflow-x: auto; }
        </style></head><body>
        """;

    public static string Of(Dims dims)
    {
        string[] lines = [.. dims.Points.Select(one => one.Line).Distinct(StringComparer.Ordinal)];
        var page = new StringBuilder(Head);
        page.Append("<h1>Dimensions and latency</h1>\n<p>").Append(Text(About(dims))).Append("</p>\n<p>");
        for (int i = 0; i < lines.Length; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<span class=\"key\"><svg viewBox=\"0 0 10 10\" style=\"width:.7rem;margin:0\" aria-hidden=\"true\"><circle cx=\"5\" cy=\"5\" r=\"5\" fill=\"var(--c{i % DimsPlot.Colours})\"/></svg> {Text(lines[i])}</span>");
        }
        page.Append("</p>\n");
        string recall = Invariant($"recall@{dims.Hits}");
        page.Append(new DimsPlot($"{recall} by median latency", "median latency, microseconds (logarithmic)", recall, one => one.Point.Latency.P50Micros, one => one.Point.Recall).Draw(dims.Points, lines));
        page.Append(new DimsPlot($"{recall} by bytes", "bytes a vector, links and codes (logarithmic)", recall, one => one.Point.BytesPerPoint, one => one.Point.Recall).Draw(dims.Points, lines));
        if (dims.HasNdcg)
        {
            page.Append(new DimsPlot(
                Invariant($"NDCG@{dims.Hits} by median latency"), "median latency, microseconds (logarithmic)", Invariant($"NDCG@{dims.Hits}"), one => one.Point.Latency.P50Micros, one => one.Point.Ndcg).Draw(dims.Points, lines));
        }
        AddTable(page, dims);
        return page.Append("</body></html>\n").ToString();
    }

    private static void AddTable(StringBuilder page, Dims dims)
    {
        page.Append("<div class=\"scroll\"><table><caption>All points; bold ones are beaten by no other in recall, median latency and bytes at once.</caption>\n<tr>");
        string[] heads =
        [
            "collection", "walk", "rescore", "code", "breadth", Invariant($"recall@{dims.Hits}"), "95 %", Invariant($"NDCG@{dims.Hits}"), "p50 µs", "p99 µs", "per second and core", "bytes a vector",
        ];
        page.AppendJoin("", heads.Select(head => $"<th>{Text(head)}</th>")).Append("</tr>\n");
        foreach (DimsPoint one in dims.Points)
        {
            Wire.SweepPoint p = one.Point;
            string[] cells =
            [
                one.Label, Invariant($"{p.WalkDimension}"), Invariant($"{p.RescoreDimension}"), p.WalkCode.ToString(), Invariant($"{p.Breadth}"), Invariant($"{p.Recall:F4}"),
                Invariant($"{p.RecallLow:F3}–{p.RecallHigh:F3}"), dims.HasNdcg ? Invariant($"{p.Ndcg:F4}") : "–", Invariant($"{p.Latency.P50Micros}"), Invariant($"{p.Latency.P99Micros}"),
                Invariant($"{p.QueriesPerSecond:F0} ± {p.QueriesPerSecondDeviation:F0}"), Invariant($"{p.BytesPerPoint:F0}"),
            ];
            page.Append(one.IsFront ? "<tr class=\"best\">" : "<tr>").AppendJoin("", cells.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>\n");
        }
        page.Append("</table></div>\n");
    }

    private static string About(Dims dims)
    {
        string sources = string.Join("; ", dims.Reports.Select(one => Invariant($"{one.Source.Label}: {one.Report.CollectionPoints} vectors")));
        return Invariant($"{sources}. {dims.Machine.Processor}, {dims.Machine.Processors} processors, {dims.Machine.Kernels}, server {dims.Machine.ServerVersion}. Latencies are those of single searches, one at a time. The dashed line is the front of each plot.");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
