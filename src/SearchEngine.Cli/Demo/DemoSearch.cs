using System.Text.Json;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Searching;
using SearchEngine.Cli.Transfer;

namespace SearchEngine.Cli.Demo;

/// <summary>The stages one by one, so that each can be seen: vectors and words find, a filter leaves out, the reranker puts in order.</summary>
internal sealed class DemoSearch(Session session)
{
    private const string TextField = "text";

    /// <summary>Conditions on attributes: all of them hold.</summary>
    public static Wire.Filter? Filter(Dictionary<string, JsonElement>? conditions)
    {
        if (conditions is null) return null;
        var filter = new Wire.Filter();
        filter.Must.Add(conditions.Select(condition => new Wire.Condition
        {
            EqualTo = new Wire.EqualToCondition { Attribute = condition.Key, Value = AttributeValues.Read(condition.Value, TypeOf(condition.Value)) },
        }));
        return filter;
    }

    /// <summary>The best passages, in one of the three ways.</summary>
    public Task<Wire.SearchReply> RetrieveAsync(string text, SearchedBy by, Wire.Filter? filter, int count, CancellationToken cancel)
    {
        var request = new Wire.SearchRequest { Header = Session.Header(DemoCollection.Name), K = (uint)count, Filter = filter };
        switch (by)
        {
            case SearchedBy.Vectors:
                request.Query = TextQueries.ByVector(text);
                break;
            case SearchedBy.Words:
                request.Query = TextQueries.ByWords(text);
                break;
            default:
                request.Hybrid = TextQueries.ByBoth(TextQueries.ByVector(text), text);
                break;
        }
        return session.CallAsync(Api.Search, request, cancel);
    }

    /// <summary>The same hits as the reranker orders them, reading question and passage together.</summary>
    public Task<Wire.RerankReply> RerankAsync(string text, IEnumerable<Wire.Hit> hits, CancellationToken cancel)
    {
        var request = new Wire.RerankRequest
        {
            Header = Session.Header(DemoCollection.Name),
            Query = text,
            Options = new Wire.RerankOptions { TextField = TextField, Truncation = Wire.Truncation.Head, ScoreKind = Wire.ScoreKind.Logit },
        };
        request.Candidates.Add(hits.Select(hit => new Wire.RerankCandidate { Id = hit.Id }));
        return session.CallAsync(Api.Rerank, request, cancel);
    }

    private static Wire.AttributeType TypeOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? Wire.AttributeType.Integer : Wire.AttributeType.Keyword;
}
