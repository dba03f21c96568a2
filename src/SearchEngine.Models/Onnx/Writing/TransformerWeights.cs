namespace SearchEngine.Models.Onnx.Writing;

/// <summary>The weights of an encoder by name, complete and of the right sizes for its shape.</summary>
public sealed class TransformerWeights
{
    private readonly IReadOnlyDictionary<string, float[]> _tensors;

    /// <exception cref="OnnxTensorException">A weight is missing or has another size.</exception>
    public TransformerWeights(TransformerShape shape, IReadOnlyDictionary<string, float[]> tensors)
    {
        foreach (var (name, dimensions) in shape.Tensors())
        {
            var size = dimensions.Aggregate(1L, (product, d) => product * d);
            if (!tensors.TryGetValue(name, out var values) || values.Length != size)
                throw new OnnxTensorException(name, $"the shape wants {size} values, and {values?.Length ?? 0} are given");
        }
        _tensors = tensors;
    }

    public float[] this[string name] => _tensors[name];

    /// <summary>
    /// Normally distributed weights: not a useful model, but the arithmetic of one. Norm layers are near the identity, so that
    /// signals neither vanish nor explode. The same seed gives the same weights everywhere.
    /// </summary>
    public static TransformerWeights Random(TransformerShape shape, int seed, double deviation = 0.02)
    {
        var random = new Random(seed);
        var tensors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (name, dimensions) in shape.Tensors())
        {
            var centre = name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1.0 : 0.0;
            var values = new float[dimensions.Aggregate(1L, (product, d) => product * d)];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)(centre + deviation * Gaussian(random));
            tensors.Add(name, values);
        }
        return new TransformerWeights(shape, tensors);
    }

    /// <summary>Box and Muller's transform.</summary>
    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
