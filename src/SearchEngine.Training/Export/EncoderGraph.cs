using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Training.Learning;

namespace SearchEngine.Training.Export;

/// <summary>
/// The encoder as an ONNX graph: rows of bytes are gathered and summed by weight with one small matrix product, both sides at once;
/// heads; the mark at the start of the text chooses the side. One more output has a unit vector per token.
/// </summary>
internal static class EncoderGraph
{
    public const string Vector = "sentence_embedding", TokenVectors = "token_embeddings";

    /// <summary>Elements of a token's vector: a fourth of what whole ones would take to store.</summary>
    public const int MostTokenElements = 64;

    private const string Batch = TransformerGraph.Batch, Sequence = TransformerGraph.Sequence;

    /// <param name="encoder">What is written.</param>
    /// <param name="queryMark">Token that begins a query, behind the first special token.</param>
    public static OnnxModel Of(ExportedEncoder encoder, int queryMark)
    {
        var (vocabulary, dimension) = (encoder.Rounded.Vocabulary, encoder.Rounded.Dimension);
        var graph = new OnnxGraph("encoder");
        var ids = graph.Input(TransformerGraph.InputIds, OnnxElementType.Int64, Batch, Sequence);
        var mask = graph.Input(TransformerGraph.AttentionMask, OnnxElementType.Int64, Batch, Sequence);
        var table = graph.Initializer<sbyte>("embeddings", encoder.Table.Codes, vocabulary, dimension);
        var rows = Float(graph, graph.Node("Gather", [table, ids]));
        var sums = graph.Node("MatMul", [Weights(graph, encoder, ids, mask), rows]);
        var bySide = graph.Node("Transpose", [sums], OnnxAttribute.Ints("perm", 1, 0, 2));
        var heads = Float(graph, graph.Initializer<Half>(
            "heads", encoder.Heads.SelectMany(head => head).ToArray(), EncoderParameters.Sides, dimension, dimension));
        var vectors = graph.Node("Add", [bySide, graph.Node("MatMul", [bySide, heads])]);
        EncoderHeads.Normalize(graph, Chosen(graph, vectors, ids, queryMark), Vector);
        graph.Output(Vector, OnnxElementType.Float, Batch, dimension);
        AddTokenVectors(graph, encoder, ids, rows);
        return new OnnxModel(graph) { Description = "bag of learned pieces with a head per side" };
    }

    public static int TokenElements(int dimension) => Math.Min(dimension, MostTokenElements);

    /// <summary>[batch, side, sequence]: what each token counts, padding nothing.</summary>
    private static string Weights(OnnxGraph graph, ExportedEncoder encoder, string ids, string mask)
    {
        var vocabulary = encoder.Rounded.Vocabulary;
        var factors = new float[vocabulary * EncoderParameters.Sides];
        for (var i = 0; i < factors.Length; i++)
            factors[i] = encoder.FactorOf((Side)(i % EncoderParameters.Sides), i / EncoderParameters.Sides);
        var weights = graph.Initializer<float>("weights", factors, vocabulary, EncoderParameters.Sides);
        var counted = Float(graph, graph.Node("Unsqueeze", [mask, graph.Constant([2L], 1)]));
        var gathered = graph.Node("Mul", [graph.Node("Gather", [weights, ids]), counted]);
        return graph.Node("Transpose", [gathered], OnnxAttribute.Ints("perm", 0, 2, 1));
    }

    /// <summary>Of the vectors of both sides the one that the text's mark asks for: [batch, dimension].</summary>
    private static string Chosen(OnnxGraph graph, string vectors, string ids, int queryMark)
    {
        string OfSide(Side side) =>
            graph.Node("Gather", [vectors, graph.Scalar((long)side)], OnnxAttribute.Int("axis", 0));
        var mark = graph.Node("Gather", [ids, graph.Constant([1L], 1)], OnnxAttribute.Int("axis", 1));
        var isQuery = graph.Node("Equal", [mark, graph.Scalar((long)queryMark)]);
        return graph.Node("Where", [isQuery, OfSide(Side.Query), OfSide(Side.Document)]);
    }

    private static void AddTokenVectors(OnnxGraph graph, ExportedEncoder encoder, string ids, string rows)
    {
        var width = TokenElements(encoder.Rounded.Dimension);
        var cut = graph.Node(
            "Slice", [rows, graph.Constant([0L], 1), graph.Constant([(long)width], 1), graph.Constant([2L], 1)]);
        var inverse = graph.Initializer<float>("token_scales", encoder.Table.InverseLengths(width), encoder.Rounded.Vocabulary, 1);
        graph.NamedNode(TokenVectors, "Mul", [cut, graph.Node("Gather", [inverse, ids])]);
        graph.Output(TokenVectors, OnnxElementType.Float, Batch, Sequence, width);
    }

    private static string Float(OnnxGraph graph, string value) =>
        graph.Node("Cast", [value], OnnxAttribute.Int("to", (long)OnnxElementType.Float));
}
