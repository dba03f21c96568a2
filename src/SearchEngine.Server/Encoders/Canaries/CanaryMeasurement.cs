using Google.Protobuf.WellKnownTypes;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Encoders.Canaries;

/// <summary>Encodes canary texts, each on its side, and compares what they give with what they gave.</summary>
internal sealed class CanaryMeasurement(EncodeCalls calls, TimeProvider time)
{
    private const int ShownBytes = 256;

    /// <summary>Vectors of canary texts, in their order. Texts that are longer than the model reads are read from their heads.</summary>
    /// <exception cref="Rpc.RpcException">The encoder failed, or refused a text by its place, as in <paramref name="path"/><c>[3].text</c>.</exception>
    public async Task<EncodedQuery[]> EncodeAsync(
        VectorSchema vector, IReadOnlyList<Wire.Canary> canaries, IReadOnlyList<EncoderModel> models, string path, TimeSpan? left, CancellationToken cancel)
    {
        TextOutcome[] outcomes = await TryEncodeAsync(vector, canaries, models, left, cancel).ConfigureAwait(false);
        return [.. outcomes.Select((outcome, i) => outcome.Encoded ?? throw ItemErrors.Within(outcome.Error!, $"{path}[{i}].text"))];
    }

    /// <summary>The same, where a text that the encoder can make nothing of is no error of the whole.</summary>
    /// <exception cref="Rpc.RpcException">The encoder failed.</exception>
    public async Task<TextOutcome[]> TryEncodeAsync(
        VectorSchema vector, IReadOnlyList<Wire.Canary> canaries, IReadOnlyList<EncoderModel> models, TimeSpan? left, CancellationToken cancel)
    {
        var task = new EncodingTask(vector, "", Wire.Truncation.Head, Wire.Lane.Bulk, "");
        var encoded = new TextOutcome[canaries.Count];
        foreach (IGrouping<Wire.Side, int> side in Enumerable.Range(0, canaries.Count).GroupBy(i => SideOf(canaries[i])))
        {
            int[] places = [.. side];
            TextOutcome[] outcomes = await calls.EncodeAsync(
                models, side.Key, task, [.. places.Select(i => canaries[i].Text)], left, cancel).ConfigureAwait(false);
            for (int i = 0; i < places.Length; i++) encoded[places[i]] = outcomes[i];
        }
        return encoded;
    }

    /// <summary>What models of one build make of the canaries of a vector that has some.</summary>
    public async Task<Wire.CanaryReport> RunAsync(
        VectorSchema vector, IReadOnlyList<EncoderModel> models, string path, TimeSpan? left, CancellationToken cancel)
    {
        Wire.SpaceBinding binding = BoundSpace.Of(vector)!.Binding;
        EncodedQuery[] now = await EncodeAsync(vector, binding.Canaries, models, path, left, cancel).ConfigureAwait(false);
        float[] cosines = [.. now.Select((query, i) => Cosine(query.Values, VectorMap.Read(binding.Canaries[i].Vector, path)))];
        int worst = Array.IndexOf(cosines, cosines.Min());
        return new Wire.CanaryReport
        {
            Checked = time.GetUtcNow().ToTimestamp(),
            Canaries = (uint)cosines.Length,
            LeastCosine = cosines[worst],
            Passed = cosines[worst] >= binding.CanaryFloor,
            WorstText = Refusal.Shown(binding.Canaries[worst].Text, ShownBytes),
            Fingerprint = now[worst].Fingerprint,
        };
    }

    private static float Cosine(float[] now, float[] stored)
    {
        double dot = 0, nowSquares = 0, storedSquares = 0;
        for (int i = 0; i < stored.Length; i++)
        {
            dot += (double)now[i] * stored[i];
            nowSquares += (double)now[i] * now[i];
            storedSquares += (double)stored[i] * stored[i];
        }
        return (float)(dot / Math.Sqrt(nowSquares * storedSquares));
    }

    private static Wire.Side SideOf(Wire.Canary canary) => canary.Side == Wire.Side.Query ? Wire.Side.Query : Wire.Side.Document;
}
