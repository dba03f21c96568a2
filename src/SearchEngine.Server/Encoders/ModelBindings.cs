namespace SearchEngine.Server.Encoders;

/// <summary>Bindings of a vector to a connected model by its name: the model's descriptor is copied, and the name plays no part from then on.</summary>
internal sealed class ModelBindings(EncoderPool pool)
{
    /// <returns>The same configuration where no vector names a model.</returns>
    public async Task<Wire.CollectionConfig> ResolveAsync(Wire.CollectionConfig config, CancellationToken cancel)
    {
        if (!config.Vectors.Any(NamesModel))
        {
            return config;
        }
        Wire.CollectionConfig resolved = config.Clone();
        for (int i = 0; i < resolved.Vectors.Count; i++)
        {
            if (NamesModel(resolved.Vectors[i]))
            {
                Wire.SpaceBinding binding = resolved.Vectors[i].Space;
                binding.Encoder = await DescriptorAsync(binding.Model, $"config.vectors[{i}].space.model", cancel).ConfigureAwait(false);
            }
        }
        return resolved;
    }

    private static bool NamesModel(Wire.VectorSchema vector) => vector.Space?.KindCase == Wire.SpaceBinding.KindOneofCase.Model;

    private async Task<Wire.EncoderDescriptor> DescriptorAsync(string model, string path, CancellationToken cancel)
    {
        if (pool.Connections.Count == 0)
        {
            throw EncoderErrors.None(path);
        }
        TextLength.Check(model, EncoderLimits.MaxModelBytes, path);
        return (await pool.EncodersAsync(model, path, cancel).ConfigureAwait(false))[0].Description.Encoder;
    }
}
