using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Collections;

/// <summary>
/// What Update changes about the bindings of vectors: other canaries, and another build that counts as theirs. The space itself never changes.
/// Everything is encoded and compared before anything is kept.
/// </summary>
internal sealed class SpaceChanges(TextEncoder texts)
{
    private const int MostAcceptances = 16;
    private const int MaxBuildBytes = 128;

    /// <returns>The vectors whose binding becomes another, with it.</returns>
    /// <exception cref="Rpc.RpcException">A canary is refused, or a build does not give the canaries.</exception>
    public async Task<IReadOnlyList<VectorSchema>> ReadAsync(CollectionSchema schema, Wire.UpdateCollectionRequest request, CancellationToken cancel)
    {
        if (request.AcceptBuilds.Count > MostAcceptances)
        {
            throw Refusal.Limit("accept_builds", request.AcceptBuilds.Count, MostAcceptances, "builds", "Accept them in several calls.");
        }
        var changed = new Dictionary<string, VectorSchema>(StringComparer.Ordinal);
        foreach ((string name, Wire.SpaceCanaries canaries) in request.Canaries)
        {
            VectorSchema vector = Names.VectorOf(schema, name, "canaries");
            changed[vector.Name] = await ReplaceAsync(vector, schema.Vectors[0] == vector, canaries, $"canaries[{name}]", cancel).ConfigureAwait(false);
        }
        for (int i = 0; i < request.AcceptBuilds.Count; i++)
        {
            VectorSchema vector = Names.VectorOf(schema, request.AcceptBuilds[i].VectorName, $"accept_builds[{i}].vector_name");
            vector = changed.GetValueOrDefault(vector.Name, vector);
            changed[vector.Name] = await AcceptAsync(vector, request.AcceptBuilds[i].Build, $"accept_builds[{i}]", cancel).ConfigureAwait(false);
        }
        return [.. changed.Values];
    }

    private async Task<VectorSchema> ReplaceAsync(
        VectorSchema vector, bool isFirst, Wire.SpaceCanaries canaries, string path, CancellationToken cancel)
    {
        if (BoundSpace.Of(vector) is not { } bound)
        {
            throw Refusal.Invalid(path, $"Vector \"{vector.Name}\" is bound to no encoder that canaries could tell from another.", "Leave it out.");
        }
        Wire.VectorSchema declared = VectorSchemaMap.Write(vector);
        declared.Space = bound.Binding.Clone();
        declared.Space.Canaries.Clear();
        // Copies: an update that has to be read again must find the request as it came, not with the vectors of the first reading.
        declared.Space.Canaries.Add(canaries.Clone().Canaries);
        // Of the build that encodes them now; of one that nobody knows where they come with vectors.
        declared.Space.Build = "";
        await texts.Making.EncodeAsync(declared, isFirst, path, $"{path}.canaries", cancel).ConfigureAwait(false);
        return With(vector, SpaceBindingCheck.Complete(declared.Space, vector.Dimension, path));
    }

    private async Task<VectorSchema> AcceptAsync(VectorSchema vector, string build, string path, CancellationToken cancel)
    {
        if (build.Length == 0)
        {
            throw Refusal.Required($"{path}.build", "Name the build, as fingerprints in replies do.");
        }
        TextLength.Check(build, MaxBuildBytes, $"{path}.build");
        Wire.CanaryReport report = await texts.Canaries.CheckAsync(vector, build, $"{path}.vector_name", cancel).ConfigureAwait(false)
            ?? throw Refusal.Invalid(
                $"{path}.build", "No connected encoder has this build, so nothing can be compared.", "Connect it first.", build);
        Wire.SpaceBinding binding = BoundSpace.Of(vector)!.Binding.Clone();
        if (binding.Canaries.Count == 0)
        {
            throw Refusal.Invalid(path, $"Vector \"{vector.Name}\" has no canaries that a build could give.", "Give it some in the same call.");
        }
        if (!report.Passed)
        {
            throw EncoderErrors.Drift(vector.Name, report);
        }
        binding.Build = build;
        return With(vector, binding);
    }

    private static VectorSchema With(VectorSchema vector, Wire.SpaceBinding binding) => vector with { Space = SpaceCodec.Encode(binding) };
}
