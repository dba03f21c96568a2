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
    private const string TextsPath = "texts[";

    public InferenceCosts Costs { get; } = new();

    /// <summary>The name under which the costs of a vector's encoder are learned.</summary>
    public static string CostOf(VectorSchema vector) => BoundSpace.Of(vector)?.Id ?? "";

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
        int[] pending = [.. Enumerable.Range(0, texts.Count)];
        long began = settings.Time.GetTimestamp();
        while (pending.Length > 0)
        {
            long asked = settings.Time.GetTimestamp();
            int[] places = pending;
            try
            {
                (Wire.EncodeReply reply, EncoderModel model) = await pool.CallAsync(
                    models, EncoderConnection.Encode, to => Request(to, side, task, places.Select(i => texts[i])), left - settings.Time.GetElapsedTime(began),
                    static field => field, cancel).ConfigureAwait(false);
                Costs.Learn(CostOf(task.Vector), [.. places.Select(i => texts[i].Length)], settings.Time.GetElapsedTime(asked).TotalMicroseconds);
                Take(reply, model, task.Vector, places, outcomes);
                EncoderMetrics.Encoded(side, reply);
                return outcomes;
            }
            catch (RpcException refused) when (BadTexts(refused, pending.Length) is { Count: > 0 } bad)
            {
                foreach ((int at, string description) in bad)
                {
                    outcomes[pending[at]] = new TextOutcome(null, OwnError(refused, at, description));
                }
                pending = [.. pending.Where((_, at) => !bad.ContainsKey(at))];
            }
        }
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
                new EncodedQuery(VectorMap.Read(item.Dense, vector, ""), item.TextUse, reply.Fingerprint) { Timings = reply.Header?.Timings }, null);
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

    /// <summary>The texts of the call that are to blame, by their place, with what is wrong with each; none where the call itself is.</summary>
    private static Dictionary<int, string> BadTexts(RpcException refused, int count)
    {
        var bad = new Dictionary<int, string>();
        if (refused.Code != StatusCode.InvalidArgument)
        {
            return bad;
        }
        foreach (Google.Rpc.BadRequest.Types.FieldViolation violation in refused.FieldViolations)
        {
            if (PlaceOf(violation.Field) is { } at && at < count)
            {
                bad[at] = violation.Description;
            }
        }
        return bad;
    }

    private static int? PlaceOf(string field)
    {
        int end = field.IndexOf(']', StringComparison.Ordinal);
        return field.StartsWith(TextsPath, StringComparison.Ordinal) && end > 0
            && int.TryParse(field.AsSpan(TextsPath.Length, end - TextsPath.Length), System.Globalization.CultureInfo.InvariantCulture, out int at) ? at : null;
    }

    /// <summary>The encoder tells the facts of one bad text and the place and reason in words of the others.</summary>
    private static RpcException OwnError(RpcException refused, int at, string description)
    {
        bool hasFacts = PlaceOf(refused.Facts.GetValueOrDefault(Refusal.FieldFact, "")) == at;
        RpcException own = new RpcException(refused.Code, hasFacts ? refused.Message : description, refused.Reason, refused).With(Refusal.FieldFact, "");
        foreach ((string key, string value) in refused.Facts)
        {
            if (key is Refusal.FixFact or EncoderErrors.EncoderFact or Refusal.LimitFact || (hasFacts && key != Refusal.FieldFact))
            {
                own.With(key, value);
            }
        }
        return own.Field("", description);
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
