using System.Diagnostics;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;
using SearchEngine.Rpc;

namespace SearchEngine.Cli.Demo;

/// <summary>The demo's collection: bound to the space of its encoder, filled with texts that the server has encoded.</summary>
internal static class DemoCollection
{
    public const string Name = "quillmere";

    /// <summary>Points of one call.</summary>
    private const int Batch = 100;

    public static async Task<ImportFacts> MakeAsync(Session session, DemoFiles files, Wire.ModelDescription encoder, CancellationToken cancel)
    {
        try
        {
            await session.CallAsync(Api.DeleteCollection, new Wire.DeleteCollectionRequest { Header = Session.Header(Name), Aliases = Wire.AliasPolicy.Remove }, cancel).ConfigureAwait(false);
        }
        catch (RpcException unknown) when (unknown.Code == StatusCode.NotFound)
        {
            // The first time.
        }
        Wire.CreateCollectionReply made = await session.CallAsync(
            Api.Create, new Wire.CreateCollectionRequest { Header = Session.Header(Name), Config = SchemaInference.Of([.. files.Passages], encoder) }, cancel).ConfigureAwait(false);
        var map = new PointMap(made.Collection.Config);
        long began = Stopwatch.GetTimestamp();
        int cut = 0;
        foreach (Record[] batch in files.Passages.Chunk(Batch))
        {
            var request = new Wire.UpsertRequest { Header = Session.Header(Name) };
            request.Points.Add(batch.Select(map.Of));
            Wire.UpsertReply written = await session.CallAsync(Api.Upsert, request, cancel).ConfigureAwait(false);
            cut += written.EncodedTexts.Count(text => text.Use.Truncated);
        }
        Wire.VectorSchema vector = made.Collection.Config.Vectors[0];
        return new ImportFacts(files.Passages.Count, Stopwatch.GetElapsedTime(began).TotalSeconds, cut, vector.Dimension, encoder.Fingerprint.Space);
    }

    /// <summary>What an import came to.</summary>
    /// <param name="Passages">Written.</param>
    /// <param name="Seconds">Encoding and writing.</param>
    /// <param name="TextsCut">Longer than the model reads.</param>
    /// <param name="Dimension">Of the vectors.</param>
    /// <param name="Space">Fingerprint that the collection is bound to.</param>
    internal sealed record ImportFacts(int Passages, double Seconds, int TextsCut, uint Dimension, string Space);
}
