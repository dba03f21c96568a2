using System.Runtime.InteropServices;

namespace SearchEngine.Models.Onnx.Writing;

/// <summary>
/// An ONNX graph under construction: inputs, weights, nodes in the order in which they compute, outputs. Every method returns the
/// name of what it added, so that graphs are written as expressions. Not safe for threads.
/// </summary>
public sealed class OnnxGraph(string name)
{
    private const int NodeField = 1, NameField = 2, InitializerField = 5, InputField = 11, OutputField = 12;

    private readonly WireMessage _nodes = new();
    private readonly WireMessage _initializers = new();
    private readonly WireMessage _inputs = new();
    private readonly WireMessage _outputs = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _made;

    public string Name { get; } = name;

    /// <summary>Nodes so far.</summary>
    public int Nodes { get; private set; }

    /// <summary>Declares an input. Dimensions are sizes, or names of sizes that each run chooses.</summary>
    public string Input(string name, OnnxElementType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _inputs.Message(InputField, ValueInfo(Claim(name), type, shape));
        return name;
    }

    /// <summary>Declares that a value computed under this name is an output.</summary>
    public string Output(string name, OnnxElementType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _outputs.Message(OutputField, ValueInfo(name, type, shape));
        return name;
    }

    /// <summary>A constant tensor; the values are copied. No shape makes a scalar of a single value.</summary>
    /// <exception cref="OnnxTensorException">Values and shape do not match, or ONNX has no such element type.</exception>
    public string Initializer<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        const int RawData = 9;
        var type = OnnxElement.Of<T>();
        long elements = 1;
        foreach (var size in shape)
            elements = checked(elements * size);
        if (type == OnnxElementType.Undefined || elements != values.Length)
        {
            throw new OnnxTensorException(
                name, $"{values.Length} values of {typeof(T).Name} do not make a tensor [{string.Join(", ", shape.ToArray())}]");
        }
        var tensor = Tensor(Claim(name), type, shape).Payload(RawData, MemoryMarshal.AsBytes(values).ToArray());
        _initializers.Message(InitializerField, tensor);
        return name;
    }

    /// <summary>A constant tensor whose bytes stand in another file of the model's folder.</summary>
    public string ExternalInitializer(
        string name, OnnxElementType type, string location, long offset, long length, params ReadOnlySpan<long> shape)
    {
        const int ExternalData = 13, DataLocation = 14, External = 1;
        var tensor = Tensor(Claim(name), type, shape)
            .Message(ExternalData, Entry("location", location))
            .Message(ExternalData, Entry("offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .Message(ExternalData, Entry("length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .Number(DataLocation, External);
        _initializers.Message(InitializerField, tensor);
        return name;
    }

    /// <summary>A constant under a name of its own making.</summary>
    public string Constant<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged => Initializer(Fresh("Constant"), values, shape);

    /// <summary>A scalar constant under a name of its own making.</summary>
    public string Scalar<T>(T value)
        where T : unmanaged => Constant([value], []);

    /// <summary>A node with one output, under a name of its own making. An empty input name omits an optional input.</summary>
    public string Node(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        NamedNode(Fresh(type), type, inputs, attributes);

    /// <summary>A node whose one output has this name: what an output of the graph is computed by.</summary>
    public string NamedNode(
        string output, string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        const int Input = 1, Output = 2, NodeName = 3, OperatorType = 4, Attribute = 5;
        var node = new WireMessage();
        foreach (var input in inputs)
            node.Element(Input, input);
        node.Element(Output, Claim(output)).Text(NodeName, output).Text(OperatorType, type);
        foreach (var attribute in attributes)
            node.Message(Attribute, attribute.Message);
        _nodes.Message(NodeField, node);
        Nodes++;
        return output;
    }

    internal WireMessage ToMessage() => new WireMessage()
        .Concat(_nodes)
        .Text(NameField, Name)
        .Concat(_initializers)
        .Concat(_inputs)
        .Concat(_outputs);

    internal static WireMessage Entry(string key, string value)
    {
        const int Key = 1, Value = 2;
        return new WireMessage().Text(Key, key).Text(Value, value);
    }

    private static WireMessage Tensor(string name, OnnxElementType type, ReadOnlySpan<long> shape)
    {
        const int Dimension = 1, DataType = 2, Name = 8;
        var tensor = new WireMessage();
        foreach (var size in shape)
            tensor.Number(Dimension, size);
        return tensor.Number(DataType, (long)type).Text(Name, name);
    }

    private static WireMessage ValueInfo(string name, OnnxElementType type, ReadOnlySpan<OnnxDimension> shape)
    {
        const int Name = 1, Type = 2, TensorType = 1, ElementType = 1, Shape = 2, Dimension = 1, Size = 1, Symbol = 2;
        var dimensions = new WireMessage();
        foreach (var dimension in shape)
        {
            dimensions.Message(Dimension, dimension.Size is { } size
                ? new WireMessage().Number(Size, size)
                : new WireMessage().Text(Symbol, dimension.Symbol));
        }
        var tensor = new WireMessage().Number(ElementType, (long)type).Message(Shape, dimensions);
        return new WireMessage().Text(Name, name).Message(Type, new WireMessage().Message(TensorType, tensor));
    }

    private string Fresh(string type) => $"{type}_{++_made}";

    private string Claim(string name) => name.Length > 0 && _names.Add(name)
        ? name
        : throw new ArgumentException($"The graph has a value '{name}' already, or the name is empty.", nameof(name));
}
