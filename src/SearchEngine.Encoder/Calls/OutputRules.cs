using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Calls;

/// <summary>What a call may ask a model for.</summary>
internal static class OutputRules
{
    private static readonly (EncoderOutputs Output, Wire.OutputKind Kind)[] Kinds =
    [
        (EncoderOutputs.Dense, Wire.OutputKind.Dense), (EncoderOutputs.Sparse, Wire.OutputKind.Sparse),
        (EncoderOutputs.Multi, Wire.OutputKind.Multi),
    ];

    /// <summary>The outputs of a model that the contract calls outputs.</summary>
    public static IEnumerable<Wire.OutputKind> Of(LoadedModel model) =>
        Kinds.Where(k => model.Encoder.Outputs.HasFlag(k.Output)).Select(k => k.Kind);

    public static EncoderOutputs Read(LoadedModel model, IEnumerable<Wire.OutputKind> asked, string path)
    {
        var wanted = EncoderOutputs.None;
        foreach (var kind in asked)
        {
            // UNSPECIFIED stands for the default, as everywhere.
            var output = Kinds.FirstOrDefault(k => k.Kind == (kind == 0 ? Wire.OutputKind.Dense : kind)).Output;
            if (output == EncoderOutputs.None)
                throw Refusal.Invalid(path, "There is no such output.", "Use values of OutputKind.", Refusal.Number((int)kind));
            if (wanted.HasFlag(output))
                throw Refusal.Invalid(path, $"{output} is asked for twice.", "Name each output once.", output.ToString());
            wanted |= output;
        }
        wanted = wanted == EncoderOutputs.None ? EncoderOutputs.Dense : wanted;
        if ((wanted & ~model.Encoder.Outputs) is var missing && missing != EncoderOutputs.None)
        {
            var has = string.Join(", ", Of(model));
            throw Refusal.Of(
                    Wire.ErrorReason.OutputUnsupported, path, $"The model \"{model.Name}\" does not give {missing}.", "Ask for outputs of the model.",
                    has, missing.ToString())
                .With("model", model.Name).With("outputs", has);
        }
        return wanted;
    }

    public static int ReadDimension(LoadedModel model, uint dimension, string path)
    {
        if (dimension == 0 || dimension <= int.MaxValue && model.Descriptor.AllowsDimension((int)dimension))
            return (int)dimension;
        var allowed = string.Join(
            ", ", model.Descriptor.Dense is { } dense ? dense.AllowedDimensions.Append(dense.Dimension) : []);
        throw Refusal.Of(
                Wire.ErrorReason.DimensionNotAllowed, path, $"Vectors of the model \"{model.Name}\" may not be cut to {dimension} elements.",
                "Use an allowed dimension, or leave it unset for all.", allowed, Refusal.Number(dimension))
            .With("allowed", allowed);
    }

    public static Wire.ElementType ReadElementType(Wire.ElementType type, string path) => type switch
    {
        0 => Wire.ElementType.Float32,
        Wire.ElementType.Float32 or Wire.ElementType.Float16 or Wire.ElementType.Bfloat16 or Wire.ElementType.Int8 => type,
        _ => throw Refusal.Invalid(path, "There is no such element type.", "Use a value of ElementType.", Refusal.Number((int)type)),
    };

    public static BatchDeterminism ReadDeterminism(Wire.Determinism determinism, string path) => determinism switch
    {
        0 or Wire.Determinism.Fast => BatchDeterminism.Fast,
        Wire.Determinism.BitExact => BatchDeterminism.BitExact,
        _ => throw Refusal.Invalid(path, "There is no such determinism.", "Use a value of Determinism.", Refusal.Number((int)determinism)),
    };

    /// <summary>Of a text that is cut rather than chunked.</summary>
    public static TruncationPolicy ReadTruncation(Wire.Truncation truncation, string path) => truncation switch
    {
        0 or Wire.Truncation.Error => TruncationPolicy.Error,
        Wire.Truncation.Head => TruncationPolicy.Head,
        Wire.Truncation.Tail => TruncationPolicy.Tail,
        Wire.Truncation.HeadTail => TruncationPolicy.HeadTail,
        Wire.Truncation.Chunk => throw Refusal.Invalid(path, "What has one result cannot be cut into chunks.", "Use ERROR, HEAD, TAIL or HEAD_TAIL."),
        _ => throw Refusal.Invalid(path, "There is no such truncation.", "Use a value of Truncation.", Refusal.Number((int)truncation)),
    };
}
