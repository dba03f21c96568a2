using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Reranking;
using SearchEngine.Training.Vocabulary;

namespace SearchEngine.Training.Export;

/// <summary>
/// The pair scorer as an ONNX graph: <see cref="PairFeatures"/> and <see cref="PairScorer"/>, term by term. The query stands first,
/// so only its columns are compared with the document: the longest query of a batch decides how many.
/// </summary>
internal sealed class RerankerGraph
{
    public const string Score = "score";

    private const string Batch = TransformerGraph.Batch, Sequence = TransformerGraph.Sequence;

    private readonly OnnxGraph _graph = new("reranker");
    private readonly PairTable _table;
    private readonly string _ids;
    private readonly string _rarity;
    private readonly string _isMatched;
    private readonly string _isQuery;
    private readonly string _isDocument;
    private readonly string _queryEnd;
    private readonly string _rows;
    private readonly string _isSame;

    private RerankerGraph(PairTable table)
    {
        _table = table;
        _ids = _graph.Input(TransformerGraph.InputIds, OnnxElementType.Int64, Batch, Sequence);
        var mask = Float(_graph.Input(TransformerGraph.AttentionMask, OnnxElementType.Int64, Batch, Sequence));
        var types = Float(_graph.Input(TransformerGraph.TokenTypeIds, OnnxElementType.Int64, Batch, Sequence));
        _rarity = Lookup("rarity", table.Terms.Rarity);
        _isMatched = Float(Node("Greater", _rarity, _graph.Scalar(0f)));
        var isPiece = Mul(mask, Float(Node("Greater", _ids, _graph.Scalar((long)VocabularyFile.Reserved - 1))));
        _isDocument = Mul(isPiece, types);
        var first = Mul(mask, Node("Sub", _graph.Scalar(1f), types));
        _isQuery = Mul(isPiece, first);
        var longest = _graph.Node("ReduceMax", [Sum(first, 1)], OnnxAttribute.Ints("axes", 0), OnnxAttribute.Int("keepdims", 1));
        _queryEnd = _graph.Node("Cast", [longest], OnnxAttribute.Int("to", (long)OnnxElementType.Int64));
        var codes = _graph.Initializer<sbyte>("embeddings", table.Codes.Codes, table.InverseLengths.Length, table.Width);
        _rows = Float(Node("Gather", codes, _ids));
        var forms = Node("Gather", _graph.Initializer<int>("forms", table.Terms.FormOf, table.Terms.FormOf.Length), _ids);
        _isSame = Mul(Float(Node("Equal", Wide(QueryPart(forms), 2), Wide(forms, 1))), Wide(_isDocument, 1));
    }

    public static OnnxModel Of(PairTable table, PairScorer scorer)
    {
        var graph = new RerankerGraph(table);
        graph.AddScore(graph.Features(), scorer);
        return new OnnxModel(graph._graph) { Description = "saturated matches, shared neighbours, kernel pooling over pieces, cosine" };
    }

    /// <summary>[batch, feature], in the order of <see cref="PairFeatures"/>.</summary>
    private string Features()
    {
        var units = Mul(_rows, Wide(Lookup("inverse_lengths", _table.InverseLengths), 2));
        var cosines = Node("MatMul", QueryPart(units), _graph.Node("Transpose", [units], OnnxAttribute.Ints("perm", 0, 2, 1)));
        var isMatched = Mul(_isDocument, _isMatched);
        var document = Wide(isMatched, 1);
        var length = Sum(isMatched, 1, keep: 1);
        var weights = QueryPart(Mul(_isQuery, _rarity));
        var total = Node("Add", Sum(weights, 1, keep: 1), _graph.Scalar(PairFeatures.Least));
        string Mean(string values) => Node("Div", Sum(Mul(weights, values), 1, keep: 1), total);
        var nearest = _graph.Node("ReduceMax", [Mul(cosines, document)], OnnxAttribute.Ints("axes", 2), OnnxAttribute.Int("keepdims", 0));
        List<string> features = [Mean(Saturated(length)), SharedNeighbours(), Mean(Node("Max", nearest, _graph.Scalar(0f)))];
        foreach (var centre in PairFeatures.Centres)
        {
            var far = Node("Sub", cosines, _graph.Scalar(centre));
            var near = Node("Exp", Mul(Mul(far, far), _graph.Scalar(PairFeatures.Sharpness)));
            features.Add(Mean(LogOfOneMore(Sum(Mul(near, document), 2))));
        }
        features.Add(Cosine());
        features.Add(Node("Sub", LogOfOneMore(length), _graph.Scalar(MathF.Log(1 + _table.Terms.MeanLength))));
        return _graph.Node("Concat", [.. features], OnnxAttribute.Int("axis", 1));
    }

    private string Saturated(string length)
    {
        var matches = Sum(_isSame, 2);
        const float Fixed = PairFeatures.Saturation * (1 - PairFeatures.LengthShare);
        var byLength = Mul(length, _graph.Scalar(PairFeatures.Saturation * PairFeatures.LengthShare / _table.Terms.MeanLength));
        return Node("Div", matches, Node("Add", matches, Node("Add", byLength, _graph.Scalar(Fixed))));
    }

    /// <summary>Places where a piece of the query and the one behind it stand in the document, one behind the other.</summary>
    private string SharedNeighbours()
    {
        var both = Mul(First(First(_isSame, 1), 2), Second(Second(_isSame, 1), 2));
        var count = Sum(both, 2);
        var saturated = Node("Div", count, Node("Add", count, _graph.Scalar(PairFeatures.Saturation)));
        var (isQuery, rarity) = (QueryPart(_isQuery), QueryPart(_rarity));
        var pair = Mul(First(isQuery, 1), Second(isQuery, 1));
        var weights = Mul(pair, Node("Add", First(rarity, 1), Second(rarity, 1)));
        return Node("Div", Sum(Mul(weights, saturated), 1, keep: 1), Node("Add", Sum(weights, 1, keep: 1), _graph.Scalar(PairFeatures.Least)));
    }

    private string Cosine()
    {
        var turn = Float(_graph.Initializer<Half>("query_turn", _table.QueryTurn, _table.Width, _table.Width));
        var query = Node("MatMul", WeightedSum(Mul(_isQuery, Lookup("query_factors", _table.Factors[(int)Side.Query]))), turn);
        var document = WeightedSum(Mul(_isDocument, Lookup("document_factors", _table.Factors[(int)Side.Document])));
        string Length(string vector) => Node("Sqrt", Sum(Mul(vector, vector), 1, keep: 1));
        var lengths = Node("Max", Mul(Length(query), Length(document)), _graph.Scalar(PairFeatures.Least));
        return Node("Div", Sum(Mul(query, document), 1, keep: 1), lengths);
    }

    private void AddScore(string features, PairScorer scorer)
    {
        _graph.NamedNode(Score, "MatMul", [features, _graph.Constant<float>(scorer.Weights, PairFeatures.Count, 1)]);
        _graph.Output(Score, OnnxElementType.Float, Batch, 1);
    }

    private string WeightedSum(string weights) => _graph.Node("Squeeze", [Node("MatMul", Wide(weights, 1), _rows), _graph.Constant([1L], 1)]);

    private string QueryPart(string values) =>
        _graph.Node("Slice", [values, _graph.Constant([0L], 1), _queryEnd, _graph.Constant([1L], 1)]);

    /// <summary>All but the last along an axis.</summary>
    private string First(string values, long axis) =>
        _graph.Node("Slice", [values, _graph.Constant([0L], 1), _graph.Constant([-1L], 1), _graph.Constant([axis], 1)]);

    /// <summary>All but the first along an axis.</summary>
    private string Second(string values, long axis) =>
        _graph.Node("Slice", [values, _graph.Constant([1L], 1), _graph.Constant([long.MaxValue], 1), _graph.Constant([axis], 1)]);

    private string Lookup(string name, float[] values) => Node("Gather", _graph.Initializer<float>(name, values, values.Length), _ids);

    private string LogOfOneMore(string values) => Node("Log", Node("Add", values, _graph.Scalar(1f)));

    private string Wide(string values, long axis) => Node("Unsqueeze", values, _graph.Constant([axis], 1));

    private string Sum(string values, long axis, int keep = 0) =>
        _graph.Node("ReduceSum", [values, _graph.Constant([axis], 1)], OnnxAttribute.Int("keepdims", keep));

    private string Mul(string left, string right) => Node("Mul", left, right);

    private string Float(string value) => _graph.Node("Cast", [value], OnnxAttribute.Int("to", (long)OnnxElementType.Float));

    private string Node(string type, string input) => _graph.Node(type, [input]);

    private string Node(string type, string left, string right) => _graph.Node(type, [left, right]);
}
