namespace SearchEngine.Models.Onnx.Writing;

/// <summary>
/// Writes a BERT-shaped encoder (Devlin et al. 2018; post-norm, exact GELU) into a graph: inputs input_ids, attention_mask and,
/// with segments, token_type_ids, all int64 [batch, sequence]. What comes out are the token states; heads are added to them.
/// </summary>
public sealed class TransformerGraph
{
    public const string InputIds = "input_ids", AttentionMask = "attention_mask", TokenTypeIds = "token_type_ids";

    public const string Batch = "batch", Sequence = "sequence";

    /// <summary>What a masked key's score is lowered by: e^-10,000 is 0 in single precision.</summary>
    private const float MaskedScore = -10_000f;

    private readonly OnnxGraph _graph;
    private readonly TransformerShape _shape;
    private readonly TransformerWeights _weights;
    private readonly string _headsShape;
    private readonly string _statesShape;

    public TransformerGraph(OnnxGraph graph, TransformerShape shape, TransformerWeights weights)
    {
        (_graph, _shape, _weights) = (graph, shape, weights);
        graph.Input(InputIds, OnnxElementType.Int64, Batch, Sequence);
        graph.Input(AttentionMask, OnnxElementType.Int64, Batch, Sequence);
        if (shape.Types > 0)
            graph.Input(TokenTypeIds, OnnxElementType.Int64, Batch, Sequence);
        // 0 copies the dimension of the tensor that is reshaped: batch and sequence.
        _headsShape = graph.Constant([0L, 0, shape.Heads, shape.Hidden / shape.Heads], 4);
        _statesShape = graph.Constant([0L, 0, shape.Hidden], 3);
    }

    /// <summary>Adds embeddings and layers; returns the token states [batch, sequence, hidden].</summary>
    public string AddLayers()
    {
        var bias = MaskBias();
        var states = Embeddings();
        for (var layer = 0; layer < _shape.Layers; layer++)
            states = Layer($"layer.{layer}", states, bias);
        return states;
    }

    private string Embeddings()
    {
        var length = _graph.Node(
            "Gather", [_graph.Node("Shape", [InputIds]), _graph.Scalar(1L)], OnnxAttribute.Int("axis", 0));
        var positions = _graph.Node("Range", [_graph.Scalar(0L), length, _graph.Scalar(1L)]);
        var sum = _graph.Node("Add", [Lookup("embeddings.word", InputIds), Lookup("embeddings.position", positions)]);
        if (_shape.Types > 0)
            sum = _graph.Node("Add", [sum, Lookup("embeddings.type", TokenTypeIds)]);
        return Norm("embeddings.norm", sum);
    }

    /// <summary>0 for a key that counts and <see cref="MaskedScore"/> for one that is padding, as [batch, 1, 1, sequence].</summary>
    private string MaskBias()
    {
        var mask = _graph.Node("Unsqueeze", [AttentionMask, _graph.Constant([1L, 2], 2)]);
        var number = _graph.Node("Cast", [mask], OnnxAttribute.Int("to", (long)OnnxElementType.Float));
        return _graph.Node("Mul", [_graph.Node("Sub", [_graph.Scalar(1f), number]), _graph.Scalar(MaskedScore)]);
    }

    private string Layer(string name, string states, string bias)
    {
        var query = Heads(Linear($"{name}.query", states), 0, 2, 1, 3);
        var key = Heads(Linear($"{name}.key", states), 0, 2, 3, 1);
        var value = Heads(Linear($"{name}.value", states), 0, 2, 1, 3);
        var root = _graph.Scalar(MathF.Sqrt((float)_shape.Hidden / _shape.Heads));
        var scores = _graph.Node("Add", [_graph.Node("Div", [_graph.Node("MatMul", [query, key]), root]), bias]);
        var attention = _graph.Node("Softmax", [scores], OnnxAttribute.Int("axis", -1));
        var mixed = _graph.Node(
            "Transpose", [_graph.Node("MatMul", [attention, value])], OnnxAttribute.Ints("perm", 0, 2, 1, 3));
        var joined = Linear($"{name}.attention", _graph.Node("Reshape", [mixed, _statesShape]));
        var attended = Norm($"{name}.attention.norm", _graph.Node("Add", [joined, states]));
        var down = Linear($"{name}.down", Gelu(Linear($"{name}.up", attended)));
        return Norm($"{name}.norm", _graph.Node("Add", [down, attended]));
    }

    private string Heads(string states, params ReadOnlySpan<long> order) =>
        _graph.Node("Transpose", [_graph.Node("Reshape", [states, _headsShape])], OnnxAttribute.Ints("perm", order));

    private string Gelu(string x)
    {
        var error = _graph.Node("Erf", [_graph.Node("Div", [x, _graph.Scalar(MathF.Sqrt(2))])]);
        var gate = _graph.Node("Add", [error, _graph.Scalar(1f)]);
        return _graph.Node("Mul", [_graph.Node("Mul", [x, gate]), _graph.Scalar(0.5f)]);
    }

    private string Lookup(string table, string ids) =>
        _graph.Node("Gather", [Weight(table, _shape.Hidden), ids], OnnxAttribute.Int("axis", 0));

    private string Linear(string name, string x)
    {
        var bias = _weights[$"{name}.bias"];
        var product = _graph.Node("MatMul", [x, Weight($"{name}.weight", bias.Length)]);
        return _graph.Node("Add", [product, _graph.Initializer<float>($"{name}.bias", bias, bias.Length)]);
    }

    private string Norm(string name, string x)
    {
        var gain = _graph.Initializer<float>($"{name}.weight", _weights[$"{name}.weight"], _shape.Hidden);
        var shift = _graph.Initializer<float>($"{name}.bias", _weights[$"{name}.bias"], _shape.Hidden);
        return _graph.Node(
            "LayerNormalization",
            [x, gain, shift],
            OnnxAttribute.Int("axis", -1),
            OnnxAttribute.Float("epsilon", _shape.Epsilon));
    }

    private string Weight(string name, int columns)
    {
        var values = _weights[name];
        return _graph.Initializer<float>(name, values, values.Length / columns, columns);
    }
}
