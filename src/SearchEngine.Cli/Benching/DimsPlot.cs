using System.Globalization;
using System.Net;
using System.Text;

namespace SearchEngine.Cli.Benching;

/// <summary>One plot: a cost to the right on a logarithmic scale, a good upwards; a line per collection, dimension and code.</summary>
internal sealed class DimsPlot(string title, string xName, string yName, Func<DimsPoint, double> cost, Func<DimsPoint, double> good)
{
    /// <summary>Lines beyond these share their colours.</summary>
    public const int Colours = 8;

    private const int Width = 900, Height = 420, Left = 62, Right = 20, Top = 16, Bottom = 46;

    public string Draw(IReadOnlyList<DimsPoint> points, IReadOnlyList<string> lines)
    {
        (double from, double to) = Stretched(points.Select(one => Math.Log(Math.Max(cost(one), 1e-3))));
        (double low, double high) = Stretched(points.Select(good));
        double X(DimsPoint one) => Left + (Math.Log(Math.Max(cost(one), 1e-3)) - from) / (to - from) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - (value - low) / (high - low) * (Height - Top - Bottom);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<h2>{Text(title)}</h2>\n<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Text(title)}\">\n");
        foreach (double value in PlotScale.Even(low, high))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"rule\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\"/><text x=\"{Left - 8}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{value:0.####}</text>\n");
        }
        foreach (double value in PlotScale.Logarithmic(Math.Exp(from), Math.Exp(to)))
        {
            double x = Left + (Math.Log(value) - from) / (to - from) * (Width - Left - Right);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"rule\" x1=\"{x:F1}\" x2=\"{x:F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><text x=\"{x:F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{value:0.##}</text>\n");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">{Text(xName)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"14\" y=\"{(Top + Height - Bottom) / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {(Top + Height - Bottom) / 2})\">{Text(yName)}</text>\n");
        Polyline(svg, Front(points).Select(one => (X(one), Y(good(one)))), "class=\"front\"");
        for (int line = 0; line < lines.Count; line++)
        {
            DimsPoint[] some = [.. points.Where(one => one.Line == lines[line]).OrderBy(one => one.Point.Breadth)];
            Polyline(svg, some.Select(one => (X(one), Y(good(one)))), $"class=\"line\" stroke=\"var(--c{line % Colours})\"");
            foreach (DimsPoint one in some)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(one):F1}\" cy=\"{Y(good(one)):F1}\" r=\"{(one.IsFront ? 6 : 4)}\" fill=\"var(--c{line % Colours})\"{(one.IsFront ? " class=\"best\"" : "")}><title>{Text(About(one))}</title></circle>\n");
            }
        }
        return svg.Append("</svg>\n").ToString();
    }

    // Of this plot alone: what it costs to be better here.
    private IEnumerable<DimsPoint> Front(IEnumerable<DimsPoint> points)
    {
        double best = double.NegativeInfinity;
        foreach (DimsPoint one in points.OrderBy(cost).ThenByDescending(good))
        {
            if (good(one) > best)
            {
                best = good(one);
                yield return one;
            }
        }
    }

    private static void Polyline(StringBuilder svg, IEnumerable<(double X, double Y)> points, string attributes)
    {
        string path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{point.Y:F1}")));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline {attributes} points=\"{path}\"/>\n");
    }

    // Points at the edges stay inside; a single one stands in the middle.
    private static (double From, double To) Stretched(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double from = all.Min(), to = all.Max(), room = to - from > 1e-9 ? (to - from) * 0.04 : 0.5;
        return (from - room, to + room);
    }

    private static string About(DimsPoint one) => string.Create(
        CultureInfo.InvariantCulture,
        $"{one.Line}, breadth {one.Point.Breadth}: recall {one.Point.Recall:F4} ({one.Point.RecallLow:F3} to {one.Point.RecallHigh:F3}), p50 {one.Point.Latency.P50Micros} µs, p99 {one.Point.Latency.P99Micros} µs, {one.Point.QueriesPerSecond:F0} per second and core, {one.Point.BytesPerPoint:F0} bytes");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
