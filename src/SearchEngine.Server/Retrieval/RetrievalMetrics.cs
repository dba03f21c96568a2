using System.Diagnostics.Metrics;

namespace SearchEngine.Server.Retrieval;

/// <summary>What retrievals leave out. Costs a check when nobody listens.</summary>
internal static class RetrievalMetrics
{
    private static readonly Meter Meter = new("SearchEngine.Server.Retrieval");
    private static readonly Counter<long> Stages = Meter.CreateCounter<long>("searchengine.server.skipped_stages", "{stage}", "Stages that retrievals skipped or cut short.");

    public static void Skipped(Wire.RetrieveStage stage, Wire.ErrorReason reason) => Stages.Add(
        1, new KeyValuePair<string, object?>("stage", stage.ToString()), new KeyValuePair<string, object?>("reason", Reasons.NameOf(reason)));
}
