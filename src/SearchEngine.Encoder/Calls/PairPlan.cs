using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Calls;

/// <summary>How the pairs of a call are scored, checked against the model once.</summary>
internal sealed record PairPlan(LoadedModel Model, Wire.ScoreKind Kind, TruncationPolicy Truncation, BatchDeterminism Determinism)
{
    public BatchGroup Group => new(Model.Pace, new EncodeBatchOptions { Outputs = EncoderOutputs.Score, Determinism = Determinism });

    public static PairPlan Read(ModelShelf shelf, Wire.ScoreRequest request)
    {
        var model = shelf.Require(request.Model, Wire.ModelPurpose.Score, "model");
        return new PairPlan(
            model, KindOf(model, request.ScoreKind), OutputRules.ReadTruncation(request.Truncation, "truncation"),
            OutputRules.ReadDeterminism(request.Determinism, "determinism"));
    }

    /// <summary>The tokens of a query, for all its pairs.</summary>
    /// <exception cref="RpcException">It cannot be scored: a query is never cut.</exception>
    public TokenSequence PrepareQuery(string query, string path)
    {
        var tokens = Tokenize(query, TextLimits.QueryBytes, path);
        var (special, limit) = (Model.Encoder.Tokenizer.SpecialTokensOfPair, Model.Descriptor.MaxTokens);
        if (tokens.Count + special < limit)
            return tokens;
        throw TextFaults.TooLong(
            $"The query has {tokens.Count} tokens, which with {special} special ones leave no room for a document within {limit}; a query is never cut.",
            tokens.Count + special, limit, path);
    }

    /// <summary>A pair as the model takes it; only the document is ever cut.</summary>
    /// <exception cref="RpcException">The document cannot be scored.</exception>
    public TokenSequence PreparePair(TokenSequence query, string document, string path)
    {
        var tokens = Tokenize(document, TextLimits.DocumentBytes, path);
        var pair = new TokenSequence();
        try
        {
            Model.Encoder.PreparePair(query, tokens, Truncation, pair);
            return pair;
        }
        catch (TextRejectedException rejected)
        {
            throw TextFaults.Of(rejected, document, path);
        }
    }

    private TokenSequence Tokenize(string text, int maxBytes, string path)
    {
        if (TextChecks.Fault(text, maxBytes, path) is { } fault)
            throw fault;
        var tokens = new TokenSequence();
        try
        {
            Model.Encoder.Tokenizer.Tokenize(text, tokens);
            return tokens;
        }
        catch (TextRejectedException rejected)
        {
            throw TextFaults.Of(rejected, text, path);
        }
    }

    private static Wire.ScoreKind KindOf(LoadedModel model, Wire.ScoreKind kind) => kind switch
    {
        0 => Wire.ScoreKind.Sigmoid,
        Wire.ScoreKind.Sigmoid or Wire.ScoreKind.Logit => kind,
        _ => throw Refusal.Of(
                Wire.ErrorReason.OutputUnsupported, "score_kind", $"The model \"{model.Name}\" does not give scores of the kind {kind}.",
                "Use SIGMOID or LOGIT.", "SIGMOID, LOGIT", kind.ToString())
            .With("model", model.Name).With("outputs", "SIGMOID, LOGIT"),
    };
}
