using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Testing;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Testing.Models;

namespace SearchEngine.Encoder.Tests;

/// <summary>What the model of <see cref="TestFolder.OfAllHeads"/> is to give, in double and one text at a time.</summary>
internal static class Reference
{
    private static readonly Lazy<Tokenizer> Tokenizer = new(() =>
    {
        using var stream = new MemoryStream();
        new WordPieceFile { Tokens = TestFolder.Tokens, IsUncased = true }.Write(stream);
        return SearchEngine.Models.Tokenizers.Tokenizer.Load(new MemoryStream(stream.ToArray()));
    });

    private static readonly Lazy<ReferenceTransformer> Transformer = new(() =>
    {
        var weights = TransformerWeights.Random(TestFolder.Shape, TestFolder.Seed, deviation: 0.2);
        var shape = TestFolder.Shape;
        return new ReferenceTransformer(shape.Hidden, shape.Layers, shape.Heads, shape.Epsilon, name => Find(weights, name));
    });

    /// <summary>Ids with the special tokens around them.</summary>
    public static int[] Ids(string text)
    {
        var tokens = new TokenSequence();
        Tokenizer.Value.Encode(text, new EncodeOptions(), tokens);
        return tokens.Ids.ToArray();
    }

    /// <summary>The mean of the states at unit length.</summary>
    public static double[] Dense(string text)
    {
        var ids = Ids(text);
        return ReferenceTransformer.MeanNormalized(States(ids, new long[ids.Length]), Ones(ids.Length));
    }

    /// <summary>The logit of a pair.</summary>
    public static double Score(string query, string document)
    {
        var tokens = new TokenSequence();
        Tokenizer.Value.EncodePair(query, document, new EncodeOptions(), tokens);
        var first = States(tokens.Ids.ToArray(), [.. tokens.TypeIds.ToArray().Select(t => (long)t)])[0];
        return Dot(first, TestFolder.Weights(TestFolder.Width, 5)) + 0.25;
    }

    /// <summary>The logits of the classes of a text that its template stands around.</summary>
    public static double[] Classes(string text)
    {
        float[] bias = [0.1f, 0f, -0.1f];
        var weight = TestFolder.Weights(TestFolder.Width * bias.Length, 6);
        var ids = Ids(text);
        var first = States(ids, new long[ids.Length])[0];
        return [.. bias.Select((b, c) => b + first.Select((s, i) => s * weight[i * bias.Length + c]).Sum())];
    }

    private static double[][] States(int[] ids, long[] types) =>
        Transformer.Value.States([.. ids.Select(id => (long)id)], Ones(ids.Length), types);

    private static long[] Ones(int count) => [.. Enumerable.Repeat(1L, count)];

    private static double Dot(double[] state, float[] weight) => state.Select((s, i) => s * weight[i]).Sum();

    private static float[]? Find(TransformerWeights weights, string name)
    {
        try
        {
            return weights[name];
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }
}
