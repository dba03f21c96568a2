using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Encoders;

/// <summary>
/// Encode calls: texts in batches, each answer checked against the space that was asked for, a text that is refused taken out of its batch so
/// that the others are encoded all the same.
/// </summary>
internal sealed class EncodeCalls(EncoderPool pool, EncoderSettings settings)
{
    public InferenceCosts Costs { get; } = new();

    /// <summary>The name under which the costs of a vector's encoder are learned: a query goes alone, documents share batches.</summary>
    public static string CostOf(VectorSchema vector, Wire.Side side) => $"{BoundSpace.Of(vector)?.Id} {side}";

    /// <summary>Any number of texts, in as many calls as it takes, a few of them at a time.</summary>
    public async Task<TextOutcome[]> EncodeAllAsync(
        IReadOnlyList<EncoderModel> models, Wire.Side side, EncodingTask task, IReadOnlyList<string> texts, TimeSpan? left, CancellationToken cancel)
    {
        var outcomes = new TextOutcome[texts.Count];
        long began = settings.Time.GetTimestamp();
        await Parallel.ForEachAsync(
            Batches(texts), new ParallelOptions { MaxDegreeOfParallelism = EncoderLimits.BatchesInFlight, CancellationToken = cancel },
            async (batch, stop) =>
            {
                TextOutcome[] some = await EncodeAsync(
                    models, side, task, [.. texts.Skip(batch.Start).Take(batch.Count)], left - settings.Time.GetElapsedTime(began) ?? settings.BulkTimeout, stop).ConfigureAwait(false);
                some.CopyTo(outcomes, batch.Start);
            }).ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>Texts of one call.</summary>
    public async Task<TextOutcome[]> EncodeAsync(
        IReadOnlyList<EncoderModel> models, Wire.Side side, EncodingTask task, IReadOnlyList<string> texts, TimeSpan? left, CancellationToken cancel)
    {
        var outcomes = new TextOutcome[texts.Count];
        long began = settings.Time.GetTimestamp();
        await PickyCalls.RunAsync(
            texts.Count, "texts",
            async places =>
            {
                long asked = settings.Time.GetTimestamp();
                (Wire.EncodeReply reply, EncoderModel model) = await pool.CallAsync(
                    models, EncoderConnection.Encode, to => Request(to, side, task, places.Select(i => texts[i])), left - settings.Time.GetElapsedTime(began),
                    static field => field, cancel).ConfigureAwait(false);
                Costs.Learn(CostOf(task.Vector, side), [.. places.Select(i => texts[i].Length)], settings.Time.GetElapsedTime(asked).TotalMicroseconds);
                Take(reply, model, task.Vector, places, outcomes);
                EncoderMetrics.Encoded(side, reply);
            },
            (place, error) => outcomes[place] = new TextOutcome(null, error)).ConfigureAwait(false);
        return outcomes;
    }

    private static Wire.EncodeRequest Request(EncoderModel model, Wire.Side side, EncodingTask task, IEnumerable<string> texts)
    {
        uint dimension = (uint)task.Vector.Dimension;
        var request = new Wire.EncodeRequest
        {
            Header = new Wire.RequestHeader { RequestId = task.RequestId, Lane = task.Lane },
            Options = new Wire.EncodeOptions
            {
                Model = model.Name,
                Side = side,
                Task = task.Task,
                Dimension = dimension == model.Description.Encoder.Dimension ? 0 : dimension,
                ElementType = Wire.ElementType.Float32,
                Truncation = task.Truncation,
            },
        };
        request.Options.Outputs.Add(Wire.OutputKind.Dense);
        request.Texts.Add(texts);
        return request;
    }

    private void Take(Wire.EncodeReply reply, EncoderModel model, VectorSchema vector, int[] places, TextOutcome[] outcomes)
    {
        string expected = BoundSpace.Of(vector)!.Id, actual = reply.Fingerprint?.Space ?? "";
        if (actual != expected)
        {
            // The process was replaced between its description and this call.
            pool.Distrust();
            throw EncoderErrors.Mismatch(vector.Name, expected, actual.Length == 0 ? "not stated" : actual, model.Connection.Name);
        }
        if (reply.Fingerprint!.Build != model.Build && BoundSpace.Of(vector)!.Binding.Canaries.Count > 0)
        {
            // Nobody has seen this build give the canaries; once it is known, the next call has that checked first.
            pool.Distrust();
            throw EncoderErrors.Down(model.Connection.Name, "it was replaced by another build during the call.");
        }
        if (reply.Items.Count != places.Length)
        {
            throw EncoderErrors.Nonsense(model.Connection.Name, $"{reply.Items.Count} vectors for {places.Length} texts");
        }
        for (int i = 0; i < places.Length; i++)
        {
            outcomes[places[i]] = Outcome(reply, i, vector, model);
        }
    }

    private static TextOutcome Outcome(Wire.EncodeReply reply, int at, VectorSchema vector, EncoderModel model)
    {
        Wire.EncodedItem item = reply.Items[at];
        if (item.Dense is null)
        {
            throw EncoderErrors.Nonsense(model.Connection.Name, $"no dense vector for text {at}");
        }
        try
        {
            return new TextOutcome(
                new EncodedQuery(VectorMap.Read(item.Dense, vector, ""), item.TextUse, reply.Fingerprint)
                {
                    Timings = reply.Header?.Timings,
                    IsOtherBuild = BoundSpace.Of(vector)!.Binding.Build is { Length: > 0 } build && build != reply.Fingerprint.Build,
                },
                null);
        }
        catch (RpcException unusable) when (unusable.Reason != Reasons.NameOf(Wire.ErrorReason.VectorZero))
        {
            throw EncoderErrors.Nonsense(model.Connection.Name, unusable.Message);
        }
        catch (RpcException zero)
        {
            return new TextOutcome(null, zero);
        }
    }

    private static IEnumerable<(int Start, int Count)> Batches(IReadOnlyList<string> texts)
    {
        int start = 0;
        long bytes = 0;
        for (int i = 0; i < texts.Count; i++)
        {
            if (i > start && (i - start == EncoderLimits.BatchTexts || bytes + texts[i].Length > EncoderLimits.BatchBytes))
            {
                yield return (start, i - start);
                (start, bytes) = (i, 0);
            }
            bytes += texts[i].Length;
        }
        if (texts.Count > start)
        {
            yield return (start, texts.Count - start);
        }
    }
}
