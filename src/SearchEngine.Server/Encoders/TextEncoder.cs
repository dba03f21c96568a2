using SearchEngine.Collections.Schema;
using SearchEngine.Server.Encoders.Canaries;

namespace SearchEngine.Server.Encoders;

/// <summary>
/// Texts to vectors of a collection's vector. Searches come in by one method and writes by another, and the side follows from which: no
/// caller can name one. Queries are remembered.
/// </summary>
internal sealed class TextEncoder
{
    private readonly EncoderPool _pool;
    private readonly EncodeCalls _calls;
    private readonly QueryCache _cache;

    public TextEncoder(EncoderPool pool, EncoderSettings settings, CanaryIntervals intervals)
    {
        _pool = pool;
        _calls = new EncodeCalls(pool, settings);
        _cache = new QueryCache(settings.QueryCacheBytes);
        var measurement = new CanaryMeasurement(_calls, settings.Time);
        Canaries = new CanaryWatch(pool, measurement, settings, intervals);
        Making = new CanaryMaker(pool, measurement, settings);
    }

    /// <summary>Which builds may encode.</summary>
    public CanaryWatch Canaries { get; }

    /// <summary>Gives new collections their canaries.</summary>
    public CanaryMaker Making { get; }

    /// <summary>Microseconds that encoding a query is expected to take; 0 when it is remembered.</summary>
    public long Predict(VectorSchema vector, QueryText text) => Recall(Known(vector), vector, text) is not null
        ? 0
        : (long)_calls.Costs.Predict(EncodeCalls.CostOf(vector, Wire.Side.Query), text.Text.Length);

    /// <summary>A search by text was refused because of what was predicted.</summary>
    public void Doubted(VectorSchema vector) => _calls.Costs.Doubted(EncodeCalls.CostOf(vector, Wire.Side.Query));

    /// <summary>The vector of a text to search with.</summary>
    public async ValueTask<EncodedQuery> QueryAsync(QueryText text, EncodingTask task, TimeSpan? left, CancellationToken cancel)
    {
        IReadOnlyList<EncoderModel> models = await ModelsAsync(task.Vector, text.Path, cancel).ConfigureAwait(false);
        if (Recall(models, task.Vector, text) is { } known)
        {
            return known;
        }
        TextOutcome outcome = (await _calls.EncodeAsync(models, Wire.Side.Query, task, [text.Text], left, cancel).ConfigureAwait(false))[0];
        return outcome.Encoded is { } encoded ? Keep(task.Vector, text, encoded) : throw ItemErrors.Within(outcome.Error!, text.Path);
    }

    /// <summary>The vectors of many texts to search with, in their order. What one text is refused for is its own.</summary>
    /// <param name="texts">All for one task.</param>
    public async Task<TextOutcome[]> QueriesAsync(IReadOnlyList<QueryText> texts, EncodingTask task, TimeSpan? left, CancellationToken cancel)
    {
        IReadOnlyList<EncoderModel> models = await ModelsAsync(task.Vector, texts[0].Path, cancel).ConfigureAwait(false);
        var outcomes = new TextOutcome[texts.Count];
        var missing = new List<int>();
        for (int i = 0; i < texts.Count; i++)
        {
            outcomes[i] = new TextOutcome(Recall(models, task.Vector, texts[i]), null);
            if (outcomes[i].Encoded is null)
            {
                missing.Add(i);
            }
        }
        TextOutcome[] made = await _calls.EncodeAllAsync(
            models, Wire.Side.Query, task, [.. missing.Select(i => texts[i].Text)], left, cancel).ConfigureAwait(false);
        for (int i = 0; i < made.Length; i++)
        {
            int at = missing[i];
            outcomes[at] = made[i] is { Encoded: { } encoded }
                ? new TextOutcome(Keep(task.Vector, texts[at], encoded), null)
                : new TextOutcome(null, ItemErrors.Within(made[i].Error!, texts[at].Path));
        }
        return outcomes;
    }

    /// <summary>The vectors of many texts to be stored, in their order. What one text is refused for is its own.</summary>
    public async Task<TextOutcome[]> DocumentsAsync(IReadOnlyList<string> texts, EncodingTask task, TimeSpan? left, CancellationToken cancel)
    {
        IReadOnlyList<EncoderModel> models = await ModelsAsync(task.Vector, "", cancel).ConfigureAwait(false);
        return await _calls.EncodeAllAsync(models, Wire.Side.Document, task, texts, left, cancel).ConfigureAwait(false);
    }

    private async ValueTask<IReadOnlyList<EncoderModel>> ModelsAsync(VectorSchema vector, string field, CancellationToken cancel)
    {
        IReadOnlyList<EncoderModel> models = await _pool.OfVectorAsync(vector, field, cancel).ConfigureAwait(false);
        return await Canaries.TrustedAsync(vector, models, cancel).ConfigureAwait(false);
    }

    private IEnumerable<EncoderModel> Known(VectorSchema vector) =>
        Spaces.BoundSpace.Of(vector) is { } bound ? _pool.Connections.SelectMany(static c => c.Models).Where(model => model.Encodes && model.Space == bound.Id) : [];

    private EncodedQuery? Recall(IEnumerable<EncoderModel> models, VectorSchema vector, QueryText text)
    {
        foreach (string build in models.Select(static model => model.Build).Distinct(StringComparer.Ordinal))
        {
            if (_cache.Find(KeyOf(vector, text, build)) is { } known)
            {
                EncoderMetrics.CacheLookups.Add(1, new KeyValuePair<string, object?>("hit", true));
                return known with { Timings = null };
            }
        }
        return null;
    }

    private EncodedQuery Keep(VectorSchema vector, QueryText text, EncodedQuery encoded)
    {
        EncoderMetrics.CacheLookups.Add(1, new KeyValuePair<string, object?>("hit", false));
        _cache.Keep(KeyOf(vector, text, encoded.Fingerprint.Build), encoded);
        return encoded;
    }

    private static QueryCache.Key KeyOf(VectorSchema vector, QueryText text, string build) =>
        new(Spaces.BoundSpace.Of(vector)!.Id, build, vector.Dimension, text.Task, text.Truncation, text.Text);
}
