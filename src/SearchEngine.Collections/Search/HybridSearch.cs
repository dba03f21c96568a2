using SearchEngine.Collections.Text;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>Several searches over one view, and one ranking of theirs.</summary>
internal sealed class HybridSearch(
    View view, HybridRequest request, CollectionSettings settings, TimeProvider clock, CancellationToken cancel)
{
    public HybridResult Run()
    {
        Check();
        SearchResult[] parts = [.. request.Parts.Select(Run)];
        return new HybridResult { Hits = RankFusion.Of(request, parts), Parts = parts };
    }

    private SearchResult Run(HybridPart part)
    {
        int depth = part.Depth ?? Math.Max(request.Offset + request.Count, HybridRequest.DefaultDepth);
        if (part is HybridPart.ByText { Request: { } text })
        {
            TextSearchRequest words = text with { Count = depth, Offset = 0, Filter = request.Filter };
            return new TextSearch(view, words, settings.StricterOf(text.Unindexed), cancel).Run();
        }
        SearchRequest vector = ((HybridPart.ByVector)part).Request with { Count = depth, Offset = 0, Filter = request.Filter };
        return new CollectionSearch(view, vector, settings, null, clock, cancel).Run();
    }

    private void Check()
    {
        if (request.Parts.Count is < 1 or > HybridRequest.MaxParts)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "hybrid.components",
                $"{request.Parts.Count} queries are to be fused, 1 to {HybridRequest.MaxParts} are possible.", "Send fewer.");
        }
        for (int i = 0; i < request.Parts.Count; i++)
        {
            if (!(request.Parts[i].Weight is > 0 and <= HybridRequest.MaxWeight))
            {
                throw Invalid(
                    $"hybrid.components[{i}].weight", $"The weight is {request.Parts[i].Weight}, above 0 to {HybridRequest.MaxWeight} is possible.");
            }
        }
        if (!(request.RankConstant is >= 0 and <= HybridRequest.MaxRankConstant))
        {
            throw Invalid("hybrid.fusion", $"The rank constant is {request.RankConstant}, 0 to {HybridRequest.MaxRankConstant} is possible.");
        }
        if (request.Count is < 1 or > SearchRequest.MaxHits || request.Offset < 0 || (long)request.Offset + request.Count > SearchRequest.MaxHits)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "k",
                $"{request.Count} hits behind {request.Offset} were asked for, {SearchRequest.MaxHits} together are possible.", "Ask for fewer.");
        }
    }

    private static CollectionException Invalid(string field, string what) =>
        new(CollectionError.FieldInvalid, field, what, "Leave it out for the default.");
}
