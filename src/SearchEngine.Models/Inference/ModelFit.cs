using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;

namespace SearchEngine.Models.Inference;

/// <summary>Whether a model's declared inputs and outputs are what its descriptor says.</summary>
internal static class ModelFit
{
    /// <summary>What each input is, in the model's order.</summary>
    /// <exception cref="ModelFolderException">The model wants what texts do not give, or lacks an input.</exception>
    public static InputRole[] Inputs(EncoderDescriptor descriptor, IReadOnlyList<OnnxTensorInfo> inputs)
    {
        var roles = new InputRole[inputs.Count];
        for (var i = 0; i < roles.Length; i++)
        {
            var input = inputs[i];
            roles[i] = input.Name switch
            {
                "input_ids" => InputRole.Ids,
                "attention_mask" => InputRole.Mask,
                "token_type_ids" => InputRole.Types,
                "position_ids" => InputRole.Positions,
                _ => throw Misfit(
                    descriptor, $"It wants the input {input}; known are input_ids, attention_mask, token_type_ids, position_ids."),
            };
            if (input.ElementType != OnnxElementType.Int64 || input.Dimensions.Count != 2 || input.Dimensions.Any(d => d.Size != null))
                throw Misfit(descriptor, $"The input {input} has to be Int64[batch, sequence] with free sizes.");
        }
        if (!roles.Contains(InputRole.Ids))
            throw Misfit(descriptor, "It has no input input_ids.");
        return roles.Contains(InputRole.Mask)
            ? roles
            : throw Misfit(descriptor, "It has no input attention_mask, so padding would change its vectors.");
    }

    /// <exception cref="ModelFolderException">An output is missing, or its shape is not what the descriptor says.</exception>
    public static void CheckOutputs(EncoderDescriptor descriptor, IReadOnlyList<OnnxTensorInfo> outputs)
    {
        if (descriptor.Dense is { } dense)
        {
            var output = Find(descriptor, outputs, dense.Output, "dense", descriptor.Pooling == PoolingMode.Model ? [2] : [3]);
            CheckWidth(descriptor, output, dense.Dimension, "outputs.dense.dimension");
        }
        if (descriptor.Multi is { } multi)
            CheckWidth(descriptor, Find(descriptor, outputs, multi.Output, "multi", [3]), multi.Dimension, "outputs.multi.dimension");
        if (descriptor.Sparse is { } sparse)
            Find(descriptor, outputs, sparse.Output, "sparse", sparse.Form switch
            {
                SparseForm.TokenWeights => [2, 3],
                SparseForm.TokenLogits => [3],
                _ => [2],
            });
        if (descriptor.Score is { } score)
        {
            var output = Find(descriptor, outputs, score.Output, "score", [1, 2]);
            if (output.Dimensions.Count == 2)
                CheckWidth(descriptor, output, 1, "outputs.score");
        }
        if (descriptor.Classes is { } classes)
            CheckWidth(descriptor, Find(descriptor, outputs, classes.Output, "classes", [2]), classes.Labels.Count, "outputs.classes.labels");
    }

    private static OnnxTensorInfo Find(
        EncoderDescriptor descriptor, IReadOnlyList<OnnxTensorInfo> outputs, string name, string head, ReadOnlySpan<int> ranks)
    {
        var output = outputs.FirstOrDefault(o => o.Name == name)
            ?? throw Misfit(
                descriptor, $"It has no output {name}, which outputs.{head} names; it has {string.Join(", ", outputs.Select(o => o.Name))}.");
        if (output.ElementType is not (OnnxElementType.Float or OnnxElementType.Float16))
            throw Misfit(descriptor, $"The output {output} has to be Float or Float16.");
        return ranks.Contains(output.Dimensions.Count)
            ? output
            : throw Misfit(
                descriptor, $"The output {output} has {output.Dimensions.Count} dimensions; as {head} it needs {string.Join(" or ", ranks.ToArray())}.");
    }

    private static void CheckWidth(EncoderDescriptor descriptor, OnnxTensorInfo output, int width, string what)
    {
        if (output.Dimensions[^1].Size is { } size && size != width)
            throw Misfit(descriptor, $"The output {output} has width {size}, and {what} says {width}.");
    }

    private static ModelFolderException Misfit(EncoderDescriptor descriptor, string message) => new(descriptor.ModelFile, "", message);
}
