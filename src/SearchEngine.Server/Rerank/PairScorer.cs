using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Rerank;

/// <summary>Pairs of one query scored by an encoder process, which tokenizes the query once per call. All calls go to one model.</summary>
internal sealed class PairScorer : IPairScorer
{
    private readonly EncoderPool _pool;
    private readonly IReadOnlyList<EncoderModel> _models;
    private readonly RerankOrder _order;
    private readonly CallContext _context;

    private PairScorer(EncoderPool pool, IReadOnlyList<EncoderModel> models, RerankOrder order, CallContext context)
    {
        _pool = pool;
        _models = models;
        _order = order;
        _context = context;
        Fingerprint = models[0].Description.Fingerprint ?? new Wire.Fingerprint();
    }

    public string CostName => $"score:{_models[0].Name}:{Fingerprint.Build}";

    public Wire.Fingerprint Fingerprint { get; private set; }

    public Wire.TextUse? QueryUse { get; private set; }

    /// <exception cref="RpcException">MODEL_UNKNOWN, OUTPUT_UNSUPPORTED, ENCODER_NONE, ENCODER_DOWN.</exception>
    public static async Task<PairScorer> FindAsync(EncoderPool pool, RerankOrder order, CallContext context, CancellationToken cancel)
    {
        if (pool.Connections.Count == 0)
        {
            throw EncoderErrors.UnknownModel(order.Model, $"{order.OptionsPath}.model", []);
        }
        IReadOnlyList<EncoderModel> models = await pool.ScorersAsync(order.Model, $"{order.OptionsPath}.model", cancel).ConfigureAwait(false);
        Wire.ModelDescription model = models[0].Description;
        bool isServed = model.ScoreKinds.Count == 0 ? order.ScoreKind != Wire.ScoreKind.Calibrated : model.ScoreKinds.Contains(order.ScoreKind);
        return isServed
            ? new PairScorer(pool, models, order, context)
            : throw Refusal.Of(
                    Wire.ErrorReason.OutputUnsupported, $"{order.OptionsPath}.score_kind", $"Model \"{model.Model}\" gives no scores of the kind {order.ScoreKind}.",
                    "Ask for one of its kinds.", string.Join(", ", model.ScoreKinds), order.ScoreKind.ToString())
                .With("model", model.Model).With("outputs", string.Join(", ", model.ScoreKinds));
    }

    public async Task<PairOutcome[]> ScoreAsync(IReadOnlyList<string> documents, TimeSpan? left, CancellationToken cancel)
    {
        var outcomes = new PairOutcome[documents.Count];
        await PickyCalls.RunAsync(
            documents.Count, "documents",
            async places =>
            {
                (Wire.ScoreReply reply, EncoderModel model) = await _pool.CallAsync(
                    _models, EncoderConnection.Score, to => Request(to, places.Select(i => documents[i])), left, PathOf, cancel).ConfigureAwait(false);
                Take(reply, model, places, outcomes);
            },
            (place, error) => outcomes[place] = new PairOutcome(0, null, error)).ConfigureAwait(false);
        return outcomes;
    }

    private Wire.ScoreRequest Request(EncoderModel model, IEnumerable<string> documents)
    {
        var request = new Wire.ScoreRequest
        {
            Header = new Wire.RequestHeader { RequestId = _context.RequestId, Lane = _context.Lane },
            Model = model.Name,
            Query = _order.Query,
            ScoreKind = _order.ScoreKind,
            Truncation = _order.Truncation,
        };
        request.Documents.Add(documents);
        return request;
    }

    private void Take(Wire.ScoreReply reply, EncoderModel model, int[] places, PairOutcome[] outcomes)
    {
        if (reply.Fingerprint is { } made)
        {
            if (made.Space != Fingerprint.Space)
            {
                // Scores of two models are in no order with each other.
                _pool.Distrust();
                throw EncoderErrors.Down(model.Connection.Name, "its rerank model was replaced during the call.");
            }
            Fingerprint = made;
        }
        if (reply.Scores.Count != places.Length || reply.ScoreKind != _order.ScoreKind)
        {
            throw EncoderErrors.Nonsense(model.Connection.Name, $"{reply.Scores.Count} scores of kind {reply.ScoreKind} for {places.Length} pairs");
        }
        QueryUse = reply.QueryUse ?? QueryUse;
        for (int i = 0; i < places.Length; i++)
        {
            if (!float.IsFinite(reply.Scores[i]))
            {
                throw EncoderErrors.Nonsense(model.Connection.Name, "a score that is not finite");
            }
            outcomes[places[i]] = new PairOutcome(reply.Scores[i], i < reply.DocumentUses.Count ? reply.DocumentUses[i] : null, null);
        }
    }

    private string PathOf(string field) => field switch
    {
        "query" => _order.QueryPath,
        "model" or "truncation" or "score_kind" => $"{_order.OptionsPath}.{field}",
        _ => field,
    };
}
