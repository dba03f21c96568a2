using System.Globalization;
using SearchEngine.Cli.Searching;

namespace SearchEngine.Cli.Evaluating;

/// <summary>One way to search that is measured, as people choose it.</summary>
/// <param name="Collection">Named where several are compared; else empty.</param>
/// <param name="Form">By vectors, by words, or by both.</param>
/// <param name="Dimension">Prefix to walk and rescore with; 0 for the whole vector.</param>
/// <param name="Accuracy">How thoroughly; null for the collection's default.</param>
/// <param name="RerankDepth">Candidates that are reranked; 0 for none.</param>
internal sealed record Comparison(string Collection, SearchedBy Form, uint Dimension, Wire.Accuracy? Accuracy, uint RerankDepth)
{
    /// <summary>For the table; the server takes no longer ones.</summary>
    private const int MostCharacters = 60;

    public string Name => string.Join(", ", Parts()) is var name && name.Length <= MostCharacters ? name : name[..MostCharacters];

    /// <param name="depth">Hits that are looked at.</param>
    public Wire.Configuration ToWire(Wire.Filter? filter, uint depth)
    {
        var configuration = new Wire.Configuration
        {
            Name = Name,
            Collection = Collection,
            Search = new Wire.SearchRequest { K = depth, Filter = filter },
            Rerank = RerankDepth > 0 ? new Wire.RerankOptions() : null,
            RerankCandidates = RerankDepth,
        };
        Wire.SearchRequest search = configuration.Search;
        switch (Form)
        {
            case SearchedBy.Words:
                search.Query = TextQueries.ByWords("");
                return configuration;
            case SearchedBy.Hybrid:
                search.Hybrid = TextQueries.ByBoth(new Wire.Query(), "");
                break;
            default:
                break;
        }
        search.Accuracy = Accuracy;
        if (Dimension > 0) search.Walk = new Wire.WalkOptions { WalkDimension = Dimension, RescoreDimension = Dimension };
        return configuration;
    }

    private IEnumerable<string> Parts()
    {
        if (Collection.Length > 0) yield return Collection;
        if (Form != SearchedBy.Vectors) yield return Form.ToString().ToLowerInvariant();
        if (Form != SearchedBy.Words)
        {
            yield return Dimension == 0 ? "all dimensions" : string.Create(CultureInfo.InvariantCulture, $"{Dimension} dimensions");
            if (Accuracy is { } accuracy) yield return Words(accuracy);
        }
        if (RerankDepth > 0) yield return string.Create(CultureInfo.InvariantCulture, $"reranked {RerankDepth}");
    }

    private static string Words(Wire.Accuracy accuracy) => accuracy.KindCase switch
    {
        Wire.Accuracy.KindOneofCase.Breadth => string.Create(CultureInfo.InvariantCulture, $"breadth {accuracy.Breadth}"),
        Wire.Accuracy.KindOneofCase.TargetRecall => string.Create(CultureInfo.InvariantCulture, $"recall {accuracy.TargetRecall}"),
        _ => "exact",
    };
}
