namespace SearchEngine.Models.Onnx.Writing;

/// <summary>What stands on token states [batch, sequence, hidden] in models that embed, rank and classify.</summary>
public static class EncoderHeads
{
    /// <summary>Keeps a division by the number of tokens, or by a length, finite.</summary>
    private const float Least = 1e-9f;

    /// <summary>The mean of the states that the mask counts: [batch, hidden].</summary>
    public static string MeanPool(OnnxGraph graph, string states, string mask)
    {
        var weights = Weights(graph, mask);
        var one = graph.Constant([1L], 1);
        var drop = OnnxAttribute.Int("keepdims", 0);
        var sum = graph.Node("ReduceSum", [graph.Node("Mul", [states, weights]), one], drop);
        var count = graph.Node("ReduceSum", [weights, one], drop);
        return graph.Node("Div", [sum, graph.Node("Max", [count, graph.Scalar(Least)])]);
    }

    /// <summary>The state of the first token: [batch, hidden].</summary>
    public static string FirstToken(OnnxGraph graph, string states) =>
        graph.Node("Gather", [states, graph.Scalar(0L)], OnnxAttribute.Int("axis", 1));

    /// <summary>Unit length along the last axis, under this output name.</summary>
    public static string Normalize(OnnxGraph graph, string vectors, string output)
    {
        var length = graph.Node("ReduceL2", [vectors], OnnxAttribute.Ints("axes", -1), OnnxAttribute.Int("keepdims", 1));
        return graph.NamedNode(output, "Div", [vectors, graph.Node("Max", [length, graph.Scalar(Least)])]);
    }

    /// <summary>
    /// One weight per token: a linear layer, ReLU, and 0 where the mask is: [batch, sequence]. The text's sparse vector is the
    /// largest weight of each token id.
    /// </summary>
    public static string SparseWeights(
        OnnxGraph graph, string states, string mask, ReadOnlySpan<float> weight, float bias, string output)
    {
        var product = graph.Node("MatMul", [states, graph.Constant(weight, weight.Length, 1)]);
        var positive = graph.Node("Relu", [graph.Node("Add", [product, graph.Scalar(bias)])]);
        var masked = graph.Node("Mul", [positive, Weights(graph, mask)]);
        return graph.NamedNode(output, "Squeeze", [masked, graph.Constant([2L], 1)]);
    }

    /// <summary>One unit vector per token, projected to <paramref name="width"/>: [batch, sequence, width].</summary>
    public static string TokenVectors(OnnxGraph graph, string states, ReadOnlySpan<float> weight, int width, string output) =>
        Normalize(graph, graph.Node("MatMul", [states, graph.Constant(weight, weight.Length / width, width)]), output);

    /// <summary>Scores or classes from a pooled state: a linear layer to [batch, width].</summary>
    public static string Logits(
        OnnxGraph graph, string pooled, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, string output)
    {
        var product = graph.Node("MatMul", [pooled, graph.Constant(weight, weight.Length / bias.Length, bias.Length)]);
        return graph.NamedNode(output, "Add", [product, graph.Constant(bias, bias.Length)]);
    }

    /// <summary>The mask as numbers [batch, sequence, 1].</summary>
    private static string Weights(OnnxGraph graph, string mask) => graph.Node(
        "Cast",
        [graph.Node("Unsqueeze", [mask, graph.Constant([2L], 1)])],
        OnnxAttribute.Int("to", (long)OnnxElementType.Float));
}
