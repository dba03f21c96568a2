using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Collections;

/// <summary>
/// Collections.BuildIndex: one segment without dead rows, whose graph is built beside those that serve, with recall before and after. Recall is
/// that of documents searched for by their own vectors with noise, at the collection's default accuracy, against exact search.
/// </summary>
internal sealed class IndexBuilds(ServerState server)
{
    private const int Queries = 100, Hits = 10;

    /// <summary>Length of the noise, of the vector's own.</summary>
    private const float Noise = 0.3f;

    /// <summary>What a walk reads of a vector's segment.</summary>
    private static readonly string[] Walked = ["links", "codes", "signs"];

    private const float Tie = 1e-5f;

    public async ValueTask RunAsync(CallContext context, Wire.BuildIndexRequest request, ReplyStream<Wire.BuildIndexFrame> replies)
    {
        FieldNotServed.Check(request, "", "graph", "walk_code");
        Collection collection = context.Collection;
        VectorSchema vector = Names.VectorOf(collection.Schema, request.VectorName, "vector_name");
        if (collection.Settings.IsReadOnly)
        {
            throw Refusal.Of(
                Wire.ErrorReason.ReadOnly, "header.collection", $"Collection \"{collection.Name}\" is set to read only.", "Set its access mode to READ_WRITE.");
        }
        LongOperations.Work work = server.Operations.Describe(collection.Name, Wire.OperationKind.BuildIndex, vector.Name, "building graphs");
        Wire.BuildIndexReport report = await Serving.RunAsync(context, () => work.FollowAsync(
            request.OnDisconnect != Wire.DisconnectPolicy.Cancel,
            operation => Task.Run(() => BuildAsync(collection, vector, operation), operation.Cancellation),
            progress => replies.WriteAsync(new Wire.BuildIndexFrame { Progress = progress }), context.Cancellation)).ConfigureAwait(false);
        report = report.Clone();
        report.Header = context.ReplyHeader();
        await replies.WriteAsync(new Wire.BuildIndexFrame { Report = report }).ConfigureAwait(false);
    }

    private async Task<Wire.BuildIndexReport> BuildAsync(Collection collection, VectorSchema vector, Operation operation)
    {
        float[][] queries = Sample(collection, vector, operation.Cancellation);
        float before = Recall(collection, vector, queries, operation.Cancellation);
        long began = server.Time.GetTimestamp();
        await collection.OptimiseAsync(progress: operation, cancel: operation.Cancellation).ConfigureAwait(false);
        TimeSpan took = server.Time.GetElapsedTime(began);
        CollectionStatistics statistics = collection.Describe();
        return new Wire.BuildIndexReport
        {
            Points = (ulong)statistics.Documents,
            BuildMicros = (ulong)took.TotalMicroseconds,
            RecallBefore = before,
            RecallNow = Recall(collection, vector, queries, operation.Cancellation),
            IndexBytes = (ulong)statistics.Sizes.Where(s => Walked.Any(part => s.Component == $"vectors.{vector.Name}.{part}")).Sum(static s => s.Disk),
        };
    }

    private static float[][] Sample(Collection collection, VectorSchema vector, CancellationToken cancel)
    {
        using PinnedView view = collection.Pin();
        var random = new Random(Queries);
        var queries = new List<float[]>(Queries);
        foreach (Document stored in view.Spread(vector.Name, Queries))
        {
            cancel.ThrowIfCancellationRequested();
            float[] values = stored.Vectors[vector.Name].ToArray();
            float step = Noise * MathF.Sqrt(3f / values.Length * values.Sum(static v => v * v));
            for (int i = 0; i < values.Length; i++)
            {
                values[i] += step * (2 * random.NextSingle() - 1);
            }
            queries.Add(values);
        }
        return [.. queries];
    }

    private static float Recall(Collection collection, VectorSchema vector, float[][] queries, CancellationToken cancel)
    {
        double found = 0, all = 0;
        foreach (float[] query in queries)
        {
            var request = new Engine.SearchRequest { VectorName = vector.Name, Query = query, Count = Hits };
            IReadOnlyList<Engine.Hit> exact = collection.Search(request with { Accuracy = Engine.Accuracy.Exact }, cancel).Hits;
            if (exact.Count > 0)
            {
                // Equal ones are as good as each other.
                float least = exact[^1].Score - Tie * Math.Max(1, Math.Abs(exact[^1].Score));
                found += collection.Search(request, cancel).Hits.Count(h => h.Score >= least);
                all += exact.Count;
            }
        }
        return all == 0 ? 1 : (float)(found / all);
    }
}
