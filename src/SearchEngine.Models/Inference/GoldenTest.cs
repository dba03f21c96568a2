using SearchEngine.Models.Folder;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>Runs golden texts and compares them with what is stored.</summary>
internal static class GoldenTest
{
    private const int ShownLength = 64;

    public static SelfTestReport Run(EncoderModel model, CancellationToken cancel)
    {
        var report = new SelfTestReport(0, 0, 1, 0, "");
        foreach (var expected in GoldenFile.Read(model.Folder))
        {
            var actual = Compute(model, expected, cancel);
            if (expected.Dense is { } dense && dense.Count != actual.Dense!.Count)
            {
                throw new ModelFolderException(
                    GoldenFile.FileName, "dense", $"A vector has {dense.Count} elements, and the model's have {actual.Dense.Count}.");
            }
            var cosine = expected.Dense == null ? 1 : Cosine(expected.Dense, actual.Dense!);
            report = report with
            {
                Texts = report.Texts + 1,
                TokenDifferences = report.TokenDifferences + (expected.Ids.SequenceEqual(actual.Ids) ? 0 : 1),
                LeastCosine = Math.Min(report.LeastCosine, cosine),
                GreatestScoreDifference = Math.Max(
                    report.GreatestScoreDifference, expected.Score is { } score ? Math.Abs(score - actual.Score!.Value) : 0),
                WorstText = cosine < report.LeastCosine || report.Texts == 0 ? Shown(expected.Text) : report.WorstText,
            };
        }
        return report;
    }

    /// <summary>The text with this model's ids and vector or score in place of what it had.</summary>
    public static GoldenText Compute(EncoderModel model, GoldenText text, CancellationToken cancel = default)
    {
        var tokens = new TokenSequence();
        var outputs = text.Document == null ? EncoderOutputs.Dense : EncoderOutputs.Score;
        Require(model, outputs);
        if (text.Document == null)
        {
            Prepare(model, text, tokens);
        }
        else
        {
            var (query, document) = (new TokenSequence(), new TokenSequence());
            model.Tokenizer.Tokenize(text.Text, query);
            model.Tokenizer.Tokenize(text.Document, document);
            model.PreparePair(query, document, TruncationPolicy.Head, tokens);
        }
        using var run = model.CreateRun();
        var results = new EncodedBatch();
        run.Encode([tokens], new EncodeBatchOptions { Outputs = outputs, Determinism = BatchDeterminism.BitExact }, results, cancel);
        return text with
        {
            Ids = tokens.Ids.ToArray(),
            Dense = outputs == EncoderOutputs.Dense ? results.Dense(0).ToArray() : null,
            Score = outputs == EncoderOutputs.Score ? results.Score(0) : null,
        };
    }

    private static void Prepare(EncoderModel model, GoldenText text, TokenSequence tokens)
    {
        try
        {
            model.Prepare(text.Text, text.Side, text.Task, TruncationPolicy.Head, tokens);
        }
        catch (ArgumentException fault)
        {
            throw new ModelFolderException(GoldenFile.FileName, "task", fault.Message, fault);
        }
    }

    private static void Require(EncoderModel model, EncoderOutputs outputs)
    {
        if (!model.Outputs.HasFlag(outputs))
        {
            throw new ModelFolderException(
                GoldenFile.FileName, "texts", $"A golden text wants {outputs}, and the model gives {model.Outputs}.");
        }
    }

    /// <summary>In double: the comparison must not add an error of its own.</summary>
    private static double Cosine(IReadOnlyList<float> left, IReadOnlyList<float> right)
    {
        double product = 0, leftSquares = 0, rightSquares = 0;
        for (var i = 0; i < left.Count; i++)
        {
            product += (double)left[i] * right[i];
            leftSquares += (double)left[i] * left[i];
            rightSquares += (double)right[i] * right[i];
        }
        var lengths = Math.Sqrt(leftSquares * rightSquares);
        return lengths > 0 ? product / lengths : leftSquares == rightSquares ? 1 : 0;
    }

    private static string Shown(string text) => text.Length <= ShownLength ? text : text[..ShownLength];
}
