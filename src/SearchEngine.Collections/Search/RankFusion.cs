using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Search;

/// <summary>Makes several rankings one; every hit keeps what each ranking gave it.</summary>
internal static class RankFusion
{
    public static IReadOnlyList<HybridHit> Of(HybridRequest request, IReadOnlyList<SearchResult> parts)
    {
        var found = new Dictionary<DocumentId, (Hit Hit, HybridHitPart?[] Parts)>();
        for (int part = 0; part < parts.Count; part++)
        {
            IReadOnlyList<Hit> hits = parts[part].Hits;
            for (int i = 0; i < hits.Count; i++)
            {
                if (!found.TryGetValue(hits[i].Id, out (Hit Hit, HybridHitPart?[] Parts) fused))
                {
                    found[hits[i].Id] = fused = (hits[i], new HybridHitPart?[parts.Count]);
                }
                double share = request.Fusion == FusionKind.Convex ? Scaled(request.Scaling, parts[part], i) : 1 / (request.RankConstant + i + 1);
                fused.Parts[part] = new HybridHitPart(i + 1, hits[i].Score, request.Parts[part].Weight * share);
            }
        }
        return
        [
            .. found.Values
                .Select(static f => new HybridHit(f.Hit.Id, f.Parts.Sum(static p => p?.Contribution ?? 0), f.Parts) { Row = f.Hit.Row })
                .OrderByDescending(static h => h.Score).ThenBy(static h => h.Id)
                .Skip(request.Offset).Take(request.Count),
        ];
    }

    // The best first: where all are alike, all have reached the top.
    private static double Scaled(ScoreScaling scaling, SearchResult part, int at)
    {
        ScoreBounds bounds = scaling == ScoreScaling.Bounds ? part.Bounds!.Value : new ScoreBounds(part.Hits[^1].Score, part.Hits[0].Score);
        return bounds.Scale(part.Hits[at].Score);
    }
}
