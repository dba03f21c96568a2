using System.Globalization;

namespace SearchEngine.Models.Onnx.Loading;

/// <summary>
/// Walks the messages of an ONNX model as far as needed to know that it is one, how large it is and which other files it names.
/// Field numbers are those of the public onnx.proto.
/// </summary>
internal sealed class ModelWalker(ProtobufReader reader, OnnxModelLimits limits)
{
    /// <summary>Subgraphs within subgraphs; real models have two or three.</summary>
    private const int MostDepth = 32;

    private const int MostLocationBytes = 4096;

    private const int ExternalLocation = 1;

    private readonly ModelSummary _summary = new();

    /// <exception cref="InvalidDataException">It is no ONNX model, or exceeds a limit.</exception>
    public ModelSummary Walk()
    {
        const int Graph = 7, Function = 25;
        Fields(reader.Length, (field, end) =>
        {
            if (field == Graph)
                _summary.Graphs++;
            if (field is Graph or Function)
                Node(field == Graph ? GraphFields : FunctionFields, end, depth: 0);
        });
        if (_summary.Graphs == 0)
            throw new InvalidDataException("it has no graph");
        return _summary;
    }

    private static readonly Dictionary<int, Kind> GraphFields = new()
    {
        [1] = Kind.Node,
        [5] = Kind.Tensor,
        [15] = Kind.SparseTensor,
    };

    private static readonly Dictionary<int, Kind> FunctionFields = new() { [7] = Kind.Node, [11] = Kind.Attribute };

    private static readonly Dictionary<int, Kind> NodeFields = new() { [5] = Kind.Attribute };

    private static readonly Dictionary<int, Kind> AttributeFields = new()
    {
        [5] = Kind.Tensor,
        [6] = Kind.Graph,
        [10] = Kind.Tensor,
        [11] = Kind.Graph,
        [22] = Kind.SparseTensor,
        [23] = Kind.SparseTensor,
    };

    private static readonly Dictionary<int, Kind> SparseFields = new() { [1] = Kind.Tensor, [2] = Kind.Tensor };

    private enum Kind
    {
        Graph,
        Node,
        Attribute,
        Tensor,
        SparseTensor,
    }

    private void Node(Dictionary<int, Kind> children, long end, int depth)
    {
        if (depth > MostDepth)
            throw new InvalidDataException($"graphs are nested deeper than {MostDepth}");
        Fields(end, (field, after) =>
        {
            if (!children.TryGetValue(field, out var kind))
                return;
            if (kind == Kind.Node && ++_summary.Nodes > limits.Nodes)
                throw new InvalidDataException($"it has more than {limits.Nodes} nodes");
            if (kind == Kind.Tensor)
                Tensor(after);
            else
                Node(ChildrenOf(kind), after, depth + 1);
        });
    }

    private static Dictionary<int, Kind> ChildrenOf(Kind kind) => kind switch
    {
        Kind.Graph => GraphFields,
        Kind.Node => NodeFields,
        Kind.Attribute => AttributeFields,
        _ => SparseFields,
    };

    private void Tensor(long end)
    {
        const int Dimensions = 1, DataType = 2, RawData = 9, External = 13;
        long elements = 1, raw = -1;
        var type = OnnxElementType.Undefined;
        string? location = null;
        long offset = 0;
        long? length = null;
        while (reader.Next(end, out var field, out var wire))
        {
            switch (field, wire)
            {
                case (Dimensions, ProtobufReader.Varint):
                    elements = Multiply(elements, reader.Number(end));
                    break;
                case (Dimensions, ProtobufReader.Bytes):
                    for (var after = reader.Message(end); reader.Position < after;)
                        elements = Multiply(elements, reader.Number(after));
                    break;
                case (DataType, ProtobufReader.Varint):
                    type = (OnnxElementType)reader.Number(end);
                    break;
                case (RawData, ProtobufReader.Bytes):
                    var rawEnd = reader.Message(end);
                    raw = rawEnd - reader.Position;
                    reader.MoveTo(rawEnd);
                    break;
                case (External, ProtobufReader.Bytes):
                    var (key, value) = Entry(reader.Message(end));
                    if (key == "location")
                        location = value;
                    else if (key == "offset")
                        offset = Bytes(value);
                    else if (key == "length")
                        length = Bytes(value);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }
        var width = OnnxElement.Bytes(type);
        if (raw >= 0 && width > 0 && raw != elements * width)
            throw new InvalidDataException($"a tensor of {elements} {type} elements carries {raw} bytes");
        if (location != null)
            _summary.External.Add(new ExternalData(location, offset, length));
    }

    private (string Key, string Value) Entry(long end)
    {
        var (key, value) = ("", "");
        while (reader.Next(end, out var field, out var wire))
        {
            if (wire != ProtobufReader.Bytes)
                reader.Skip(wire, end);
            else if (field == ExternalLocation)
                key = reader.Text(end, MostLocationBytes);
            else
                value = reader.Text(end, MostLocationBytes);
        }
        return (key, value);
    }

    private void Fields(long end, Action<int, long> visit)
    {
        while (reader.Next(end, out var field, out var wire))
        {
            if (wire != ProtobufReader.Bytes)
            {
                reader.Skip(wire, end);
                continue;
            }
            var after = reader.Message(end);
            visit(field, after);
            reader.MoveTo(after);
        }
    }

    /// <summary>Keeps products below 2^56 so that a product with an element's width cannot overflow either.</summary>
    private static long Multiply(long elements, ulong dimension) =>
        dimension < 1L << 56 && (dimension == 0 || elements <= (1L << 56) / (long)dimension)
            ? elements * (long)dimension
            : throw new InvalidDataException("a tensor's dimensions are negative or overflow");

    private static long Bytes(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : throw new InvalidDataException($"an external weight's offset or length is '{text}'");
}
