using System.Text.Json.Nodes;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Benching;

/// <summary>The reports of the server in their proto JSON, by collection; the front over all of them in place of each one's own.</summary>
internal static class DimsJson
{
    public static string Of(Dims dims)
    {
        var all = new JsonArray();
        int next = 0;
        foreach ((Source source, Wire.SweepReport report) in dims.Reports)
        {
            Wire.SweepReport told = report.Clone();
            foreach (Wire.SweepPoint point in told.Points)
            {
                point.Pareto = dims.Points[next++].IsFront;
            }
            all.Add(new JsonObject { ["collection"] = source.Label, ["report"] = JsonNode.Parse(Session.JsonOf(told)) });
        }
        return all.ToJsonString();
    }
}
