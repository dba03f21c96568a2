using System.Globalization;

namespace SearchEngine.Cli.Evaluating;

/// <summary>One way to search that is measured.</summary>
/// <param name="Dimension">Prefix to walk and rescore with; 0 for the whole vector.</param>
/// <param name="Accuracy">How thoroughly; null for the collection's default.</param>
/// <param name="RerankDepth">Candidates that are reranked; 0 for none.</param>
internal sealed record Configuration(uint Dimension, Wire.Accuracy? Accuracy, uint RerankDepth)
{
    public string Name => string.Join(", ", Parts());

    private IEnumerable<string> Parts()
    {
        yield return Dimension == 0 ? "all dimensions" : string.Create(CultureInfo.InvariantCulture, $"{Dimension} dimensions");
        if (Accuracy is { } accuracy)
        {
            yield return accuracy.KindCase switch
            {
                Wire.Accuracy.KindOneofCase.Breadth => string.Create(CultureInfo.InvariantCulture, $"breadth {accuracy.Breadth}"),
                Wire.Accuracy.KindOneofCase.TargetRecall => string.Create(CultureInfo.InvariantCulture, $"recall {accuracy.TargetRecall}"),
                _ => "exact",
            };
        }
        if (RerankDepth > 0) yield return string.Create(CultureInfo.InvariantCulture, $"reranked {RerankDepth}");
    }
}
