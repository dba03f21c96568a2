using System.Globalization;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Rerank;

/// <summary>Reranks of the contract, checked before anything is read or scored.</summary>
internal static class RerankMap
{
    public static RerankOrder Read(Wire.RerankRequest request)
    {
        TextCheck.Query(request.Query, "query");
        if (request.Candidates.Count == 0)
        {
            throw Refusal.Required("candidates", "Send at least one candidate.");
        }
        AtMost(request.Candidates.Count, RerankLimits.MaxCandidates, "candidates", "candidates");
        AtMost(request.TopN, RerankLimits.MaxCandidates, "items", "top_n");
        for (int i = 0; i < request.Candidates.Count; i++)
        {
            Check(request.Candidates[i], $"candidates[{i}]");
        }
        RerankOrder order = Read(request.Options, request.Query, request.Candidates.Count, Wire.Truncation.Error, "options");
        return order with
        {
            Top = request.TopN == 0 ? request.Candidates.Count : (int)Math.Min(request.TopN, (uint)request.Candidates.Count),
            MayBePartial = request.Budget?.OnExpiry == Wire.PartialPolicy.Allow,
        };
    }

    /// <summary>The options, for a query of any call.</summary>
    /// <param name="unset">What an unset truncation means in this call.</param>
    /// <param name="path">Of the options within the request.</param>
    public static RerankOrder Read(Wire.RerankOptions? options, string query, int candidates, Wire.Truncation unset, string path)
    {
        options ??= new Wire.RerankOptions();
        TextLength.Check(options.Model, EncoderLimits.MaxModelBytes, $"{path}.model");
        AtMost(options.Depth, RerankLimits.MaxCandidates, "candidates", $"{path}.depth");
        AtMost(options.StableRounds, RerankLimits.MaxStableRounds, "rounds", $"{path}.stable_rounds");
        if (options.HasMinScore && !float.IsFinite(options.MinScore))
        {
            throw Refusal.Invalid(
                $"{path}.min_score", "The least score is not finite.", "Leave it unset or send a number.", options.MinScore.ToString(CultureInfo.InvariantCulture));
        }
        return new RerankOrder
        {
            Query = query,
            QueryPath = "query",
            Count = candidates,
            Depth = options.Depth == 0 ? candidates : (int)Math.Min(options.Depth, (uint)candidates),
            Top = candidates,
            Model = options.Model,
            OptionsPath = path,
            Truncation = TextCheck.Truncation(options.Truncation, $"{path}.truncation", unset),
            ScoreKind = Kind(options.ScoreKind, $"{path}.score_kind"),
            MinScore = options.HasMinScore ? options.MinScore : null,
            StableRounds = (int)options.StableRounds,
            MayBePartial = false,
        };
    }

    /// <summary>The stored text that candidates given by id are read from.</summary>
    public static string TextField(Wire.RerankOptions? options, CollectionSchema schema, string path)
    {
        string named = options?.TextField ?? "";
        if (named.Length > 0)
        {
            return schema.TextAt(named) >= 0 ? named : throw Names.UnknownText(named, schema, $"{path}.text_field");
        }
        return schema.Texts.Count > 0
            ? schema.Texts[0].Name
            : throw Refusal.Of(
                Wire.ErrorReason.AttributeUnknown, $"{path}.text_field", "The collection stores no texts, so candidates cannot be given by id.",
                "Send the texts with the candidates.").With("attributes", "");
    }

    private static void Check(Wire.RerankCandidate candidate, string path)
    {
        if (candidate.Text.Length > 0)
        {
            TextCheck.Document(candidate.Text, $"{path}.text");
        }
        if (candidate.Id is not null)
        {
            IdMap.Read(candidate.Id, $"{path}.id");
        }
        else if (candidate.Text.Length == 0)
        {
            throw Refusal.Required(path, "Set a text, or the id of a stored point.");
        }
    }

    private static Wire.ScoreKind Kind(Wire.ScoreKind kind, string path) => kind switch
    {
        Wire.ScoreKind.Unspecified => Wire.ScoreKind.Sigmoid,
        Wire.ScoreKind.Logit or Wire.ScoreKind.Sigmoid or Wire.ScoreKind.Calibrated => kind,
        _ => throw Refusal.Invalid(path, "A rerank model gives no such scores.", "Use LOGIT, SIGMOID or CALIBRATED.", kind.ToString()),
    };

    private static void AtMost(long count, long most, string unit, string path)
    {
        if (count > most)
        {
            throw Refusal.Limit(path, count, most, unit, "Use fewer.");
        }
    }
}
