using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>Configurations of the contract, checked before anything is searched.</summary>
internal sealed class ConfigurationMap(ServerState server, CallContext context)
{
    /// <param name="configurations">None stands for one with defaults throughout.</param>
    /// <param name="hits">Looked at where a configuration names no number.</param>
    /// <param name="path">Of the list within the request.</param>
    public ConfigurationOrder[] Read(IReadOnlyList<Wire.Configuration> configurations, int hits, string path)
    {
        if (configurations.Count == 0)
        {
            return [Read(new Wire.Configuration { Name = "default" }, hits, "")];
        }
        if (configurations.Count > EvaluationLimits.MaxConfigurations)
        {
            throw Refusal.Limit(path, configurations.Count, EvaluationLimits.MaxConfigurations, "configurations", "Compare fewer at once.");
        }
        ConfigurationOrder[] orders = [.. configurations.Select((one, i) => Read(one, hits, $"{path}[{i}]"))];
        for (int i = 0; i < orders.Length; i++)
        {
            if (orders.Take(i).Any(before => before.Name == orders[i].Name))
            {
                throw Refusal.Invalid($"{path}[{i}].name", "Two configurations have the same name.", "Name them apart.", orders[i].Name);
            }
        }
        return orders;
    }

    /// <param name="path">Of the configuration within the request; empty for one that the request leaves out.</param>
    public ConfigurationOrder Read(Wire.Configuration configuration, int hits, string path)
    {
        if (configuration.Name.Length == 0)
        {
            throw Refusal.Required($"{path}.name", "Name the configuration.");
        }
        TextLength.Check(configuration.Name, EvaluationLimits.MaxConfigurationBytes, $"{path}.name");
        Wire.SearchRequest template = configuration.Search?.Clone() ?? new Wire.SearchRequest();
        QueryFill.Check(template, $"{path}.search");
        if (configuration.RerankCandidates > EvaluationLimits.MaxRerankCandidates)
        {
            throw Refusal.Limit($"{path}.rerank_candidates", configuration.RerankCandidates, EvaluationLimits.MaxRerankCandidates, "candidates", "Rerank fewer.");
        }
        int candidates = configuration.RerankCandidates == 0 ? EvaluationLimits.DefaultRerankCandidates : (int)configuration.RerankCandidates;
        template.K = template.K == 0 ? (uint)hits : template.K;
        CallContext its = configuration.Collection.Length == 0
            ? context
            : context.Onto(server, configuration.Collection, context.Lane, $"{path}.collection");
        if (configuration.Rerank is { } rerank)
        {
            template.K = Math.Max(template.K, (uint)candidates);
            RerankStage.Check(rerank, its, $"{path}.rerank");
        }
        return new ConfigurationOrder(configuration.Name, its, template, configuration.Rerank, candidates, path);
    }
}
