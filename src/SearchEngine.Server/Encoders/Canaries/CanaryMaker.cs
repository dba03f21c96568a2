using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Encoders.Canaries;

/// <summary>
/// At Create: gives the vectors of a configuration their canaries, texts of the server's choice where the caller has none, encoded by the
/// connected encoder of the space. A described encoder that is not connected gets none of ours.
/// </summary>
internal sealed class CanaryMaker(EncoderPool pool, CanaryMeasurement measurement, EncoderSettings settings)
{
    /// <returns>The same configuration where nothing is to be encoded.</returns>
    /// <exception cref="Rpc.RpcException">A text is refused, or the caller's texts have no vectors and no encoder of the space is connected.</exception>
    public async Task<Wire.CollectionConfig> CompleteAsync(Wire.CollectionConfig config, CancellationToken cancel)
    {
        Wire.CollectionConfig completed = config;
        for (int i = 0; i < config.Vectors.Count; i++)
        {
            // Canaries are texts with dense vectors.
            if (config.Vectors[i].Kind is Wire.VectorKind.Unspecified or Wire.VectorKind.Dense && IsIncomplete(config.Vectors[i].Space))
            {
                completed = completed == config ? config.Clone() : completed;
                string path = $"config.vectors[{i}]";
                await CompleteAsync(completed.Vectors[i], isFirst: i == 0, path, $"{path}.space.canaries", cancel).ConfigureAwait(false);
            }
        }
        return completed;
    }

    /// <summary>Encodes those canaries of a vector that come without one; chooses none.</summary>
    /// <param name="path">Of the vector, for errors.</param>
    /// <param name="within">Of the canaries.</param>
    public Task EncodeAsync(Wire.VectorSchema declared, bool isFirst, string path, string within, CancellationToken cancel) =>
        declared.Space.Canaries.Count > 0 && IsIncomplete(declared.Space)
            ? CompleteAsync(declared, isFirst, path, within, cancel)
            : Task.CompletedTask;

    private static bool IsIncomplete(Wire.SpaceBinding? space) => space is { KindCase: Wire.SpaceBinding.KindOneofCase.Encoder }
        && (space.Canaries.Count == 0 || space.Canaries.Any(static canary => canary.Vector is null));

    private async Task CompleteAsync(Wire.VectorSchema declared, bool isFirst, string path, string within, CancellationToken cancel)
    {
        SpaceBindingCheck.CheckCanaryTexts(declared.Space, within);
        Wire.VectorSchema bare = declared.Clone();
        bare.Space.Canaries.Clear();
        VectorSchema vector = VectorSchemaMap.Read(bare, isFirst, path);
        Wire.SpaceBinding binding = declared.Space;
        IReadOnlyList<EncoderModel> models = binding.Canaries.Count > 0
            ? await pool.OfVectorAsync(vector, within, cancel).ConfigureAwait(false)
            : await pool.ConnectedAsync(vector, cancel).ConfigureAwait(false);
        if (models.Count == 0)
        {
            return;
        }
        // Of one build, so that the binding can say whose they are.
        EncoderModel[] alike = [.. models.Where(model => model.Build == models[0].Build)];
        if (binding.Canaries.Count == 0)
        {
            await ChooseAsync(vector, binding, alike, cancel).ConfigureAwait(false);
            return;
        }
        EncodedQuery[] encoded = await measurement.EncodeAsync(vector, binding.Canaries, alike, within, settings.CanaryTimeout, cancel).ConfigureAwait(false);
        for (int i = 0; i < encoded.Length; i++)
        {
            binding.Canaries[i].Vector ??= Stored(encoded[i].Values);
        }
        Sign(binding, encoded[0]);
    }

    /// <summary>Of our own texts those that the model has a vector for: one of English alone makes nothing of some scripts.</summary>
    private async Task ChooseAsync(VectorSchema vector, Wire.SpaceBinding binding, IReadOnlyList<EncoderModel> models, CancellationToken cancel)
    {
        Wire.Canary[] chosen = [.. Chosen(isAsymmetric: binding.Encoder.Sidedness == Wire.Sidedness.Asymmetric)];
        TextOutcome[] outcomes = await measurement.TryEncodeAsync(vector, chosen, models, settings.CanaryTimeout, cancel).ConfigureAwait(false);
        foreach ((Wire.Canary canary, TextOutcome outcome) in chosen.Zip(outcomes))
        {
            if (outcome.Encoded is not { } encoded) continue;
            canary.Vector = Stored(encoded.Values);
            binding.Canaries.Add(canary);
            Sign(binding, encoded);
        }
    }

    private static void Sign(Wire.SpaceBinding binding, EncodedQuery encoded)
    {
        if (binding.Build.Length == 0) binding.Build = encoded.Fingerprint.Build;
    }

    /// <summary>Only the direction is ever compared: at unit length half precision is a thousand times finer than the floor.</summary>
    private static Wire.Vector Stored(float[] values)
    {
        double norm = Math.Sqrt(values.Sum(static v => (double)v * v));
        return VectorMap.Write([.. values.Select(v => (float)(v / norm))], Wire.ElementType.Float16);
    }

    /// <summary>Every other one is a query where queries are encoded in another way.</summary>
    private static IEnumerable<Wire.Canary> Chosen(bool isAsymmetric) => CanaryTexts.All.Select(
        (text, i) => new Wire.Canary { Text = text, Side = isAsymmetric && i % 2 == 1 ? Wire.Side.Query : Wire.Side.Document });
}
