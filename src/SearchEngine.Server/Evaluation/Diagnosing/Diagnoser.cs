using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Evaluation.Diagnosing;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Search;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Evaluation.Diagnosing;

/// <summary>Finds out what became of one query: from the stored point to the reranked hits, stage by stage.</summary>
internal sealed class Diagnoser(ServerState server, SearchRunner runner, CallContext context, Wire.RerankOptions? rerank)
{
    private const float MostOversampling = SearchLimits.MaxOversampling;

    private static readonly string[] RefusedOrigins =
        [Reasons.NameOf(Wire.ErrorReason.SideMismatch), Reasons.NameOf(Wire.ErrorReason.EncoderMismatch), Reasons.NameOf(Wire.ErrorReason.EncoderDrift)];

    public async Task<Diagnosis> RunAsync(Wire.DiagnoseItem item)
    {
        DocumentId id = IdMap.Read(item.Expected, "expected");
        var searches = new DiagnosisSearches(server, runner, context, id);
        Wire.SearchRequest search = item.Search;
        int wanted = (int)Math.Min(search.Offset + (search.K == 0 ? SearchLimits.DefaultHits : search.K), SearchLimits.MaxHits);
        var facts = new LossFacts { Wanted = wanted, Candidates = rerank is null ? wanted : Math.Max(wanted, RerankStage.CandidatesOf(rerank)) };
        if (!searches.Exists)
        {
            return new Diagnosis(facts with { IsInCorpus = false });
        }
        try
        {
            facts = facts with { MatchesFilter = searches.Meets(search) };
        }
        catch (RpcException refused) when (Array.IndexOf(RefusedOrigins, refused.Reason) >= 0)
        {
            // The search never ran, and why is the verdict.
            bool isSide = refused.Reason == RefusedOrigins[0];
            return new Diagnosis(facts with { Query = isSide ? EncodingState.OtherSide : EncodingState.Elsewhere }) { Refused = refused.Message };
        }
        return search.SearchCase == Wire.SearchRequest.SearchOneofCase.Hybrid
            ? await FusedAsync(item, searches, facts).ConfigureAwait(false)
            : await SingleAsync(item, searches, facts).ConfigureAwait(false);
    }

    private async Task<Diagnosis> SingleAsync(Wire.DiagnoseItem item, DiagnosisSearches searches, LossFacts facts)
    {
        Wire.SearchRequest search = item.Search;
        bool isWalked = !IsScanned(search.Query);
        float? score = await searches.ScoreAsync(search).ConfigureAwait(false);
        if (score is null)
        {
            // Words that the point does not have are no fault of the index.
            return search.Query?.KindCase == Wire.Query.KindOneofCase.Lexical
                ? new Diagnosis(facts with { ExactRank = 0, FoundRank = 0 })
                : new Diagnosis(facts with { IsInIndex = false });
        }
        Ranked exact = await searches.ExactAsync(search, score.Value).ConfigureAwait(false);
        facts = facts with { ExactRank = exact.Rank, IsBelowThreshold = search.HasMinScore && score < search.MinScore };
        var diagnosis = new Diagnosis(facts) { CompetingRank = exact.Rank, Score = score, LeastScore = search.HasMinScore ? search.MinScore : null };
        diagnosis = isWalked ? await EncodingAsync(item, diagnosis, exact, searches).ConfigureAwait(false) : diagnosis;
        Wire.SearchRequest free = DiagnosisSearches.Unfiltered(search);
        if (isWalked)
        {
            diagnosis.Add(Wire.DiagnoseStage.Exact, search.Filter is null ? exact : await searches.ExactAsync(free, score.Value).ConfigureAwait(false));
            diagnosis.Add(Wire.DiagnoseStage.Graph, await searches.RunAsync(Bare(free), facts.Candidates).ConfigureAwait(false));
        }
        Ranked walked = await searches.LettingInAsync(Bare(search), facts.Candidates).ConfigureAwait(false);
        facts = diagnosis.Facts with { WalkRank = isWalked ? walked.Rank : null };
        if (isWalked && walked.Rank == 0)
        {
            facts = facts with { RescoredRank = (await searches.LettingInAsync(Rescored(search), facts.Candidates).ConfigureAwait(false)).Rank };
        }
        return await OrderingAsync(item, diagnosis with { Facts = facts }, searches).ConfigureAwait(false);
    }

    private async Task<Diagnosis> FusedAsync(Wire.DiagnoseItem item, DiagnosisSearches searches, LossFacts facts)
    {
        Wire.SearchRequest search = item.Search;
        int depth = Math.Max(facts.Candidates, 100), best = 0;
        bool isInIndex = false;
        foreach (Wire.Component component in search.Hybrid.Components)
        {
            var alone = new Wire.SearchRequest { Query = component.Query, Filter = search.Filter, Accuracy = search.Accuracy, Walk = IsScanned(component.Query) ? null : search.Walk };
            isInIndex |= await searches.ScoreAsync(alone).ConfigureAwait(false) is not null;
            int rank = (await searches.LettingInAsync(alone, component.Candidates == 0 ? depth : (int)component.Candidates).ConfigureAwait(false)).Rank;
            best = rank > 0 && (best == 0 || rank < best) ? rank : best;
        }
        facts = facts with { IsInIndex = isInIndex, BestComponentRank = best };
        return await OrderingAsync(item, new Diagnosis(facts) { CompetingRank = best }, searches).ConfigureAwait(false);
    }

    // Words, tokens and sparse vectors are looked for without a graph and without an encoder of ours.
    private bool IsScanned(Wire.Query? query) => query is not null
        && (query.KindCase == Wire.Query.KindOneofCase.Lexical || MultiMap.IsMulti(query, context.Schema) || SparseMap.IsSparse(query, context.Schema));

    // Vectors explain a low rank only; where the rank is high, nobody is asked.
    private async Task<Diagnosis> EncodingAsync(Wire.DiagnoseItem item, Diagnosis diagnosis, Ranked exact, DiagnosisSearches searches)
    {
        Wire.Query query = item.Search.Query;
        int at = query.VectorName.Length == 0 ? 0 : context.Schema.VectorAt(query.VectorName);
        VectorSchema vector = context.Schema.Vectors[at];
        diagnosis.Fingerprint = BoundSpace.Of(vector) is { } bound ? new Wire.Fingerprint { Space = bound.Id } : null;
        if (exact.Rank > 0 && exact.Rank <= diagnosis.Facts.Candidates)
        {
            return diagnosis;
        }
        var check = new EncodingCheck(server, context, vector);
        ReadOnlyMemory<float> values = await searches.QueryAsync(item.Search).ConfigureAwait(false);
        LossFacts facts = diagnosis.Facts;
        if (query.KindCase == Wire.Query.KindOneofCase.Vector)
        {
            (EncodingState state, diagnosis.QueryCosine) = await check.QueryAsync(values, item.Text).ConfigureAwait(false);
            facts = facts with { Query = state };
        }
        (EncodingState document, diagnosis.DocumentCosine, Wire.TextUse? use, string text) = await check.DocumentAsync(searches.Expected).ConfigureAwait(false);
        facts = facts with { Document = document };
        if (use is { Truncated: true })
        {
            diagnosis.TextUse = use;
            float? cut = await check.CutPartAsync(values, text, use).ConfigureAwait(false);
            facts = facts with { IsTruncated = true, CutPartAnswers = cut is { } score && !(score < exact.ScoreAt(facts.Candidates)) };
        }
        return diagnosis with { Facts = facts };
    }

    // The search as it was asked for, then the words, then the rerank model.
    private async Task<Diagnosis> OrderingAsync(Wire.DiagnoseItem item, Diagnosis diagnosis, DiagnosisSearches searches)
    {
        Ranked found = await searches.RunAsync(Bare(item.Search), diagnosis.Facts.Candidates).ConfigureAwait(false);
        diagnosis.Add(Wire.DiagnoseStage.Filtered, found);
        diagnosis = diagnosis with { Facts = diagnosis.Facts with { FoundRank = found.Rank } };
        if (found.Hits.Count > 0 && found.Rank != 1)
        {
            diagnosis.FirstHit = new Wire.Hit { Id = IdMap.Write(found.Hits[0].Id), Score = found.Hits[0].Score };
        }
        string text = TextOf(item);
        if (text.Length > 0 && context.Schema.Texts.Any(static field => field.Index == TextIndex.Bm25))
        {
            var words = new Wire.SearchRequest { Query = new Wire.Query { Lexical = new Wire.LexicalQuery { Text = text } }, Filter = item.Search.Filter };
            diagnosis.Add(Wire.DiagnoseStage.Lexical, await searches.LettingInAsync(words, SearchLimits.MaxExplainedRank).ConfigureAwait(false));
        }
        if (rerank is null || found.Rank == 0)
        {
            return diagnosis;
        }
        var stage = new RerankStage(server, rerank, RerankStage.CandidatesOf(rerank), "rerank");
        RankedQuery reranked = await stage.RunAsync(text, new RankedQuery(found.Hits, 0, null, null), context).ConfigureAwait(false);
        var ranked = new Ranked(reranked.Hits, searches.Expected);
        diagnosis.Add(Wire.DiagnoseStage.Reranked, ranked);
        return diagnosis with { Facts = diagnosis.Facts with { RerankedRank = ranked.Rank } };
    }

    private static string TextOf(Wire.DiagnoseItem item) => item.Text.Length > 0 ? item.Text : item.Search.Query?.KindCase switch
    {
        Wire.Query.KindOneofCase.Text => item.Search.Query.Text.Text,
        Wire.Query.KindOneofCase.Lexical => item.Search.Query.Lexical.Text,
        _ => item.Search.Hybrid?.Components.Select(static c => c.Query?.Text?.Text ?? c.Query?.Lexical?.Text).FirstOrDefault(static text => text is { Length: > 0 }) ?? "",
    };

    private static Wire.SearchRequest Bare(Wire.SearchRequest search)
    {
        Wire.SearchRequest bare = search.Clone();
        bare.ClearMinScore();
        return bare;
    }

    // The same walk; every candidate that it keeps is scored from its whole vector.
    private static Wire.SearchRequest Rescored(Wire.SearchRequest search)
    {
        Wire.SearchRequest rescored = Bare(search);
        rescored.Walk ??= new Wire.WalkOptions();
        rescored.Walk.Rescoring = Wire.Rescoring.Exact;
        rescored.Walk.RescoreDimension = 0;
        rescored.Walk.Oversampling = MostOversampling;
        return rescored;
    }
}
