namespace SearchEngine.Models.Folder.Exports;

/// <summary>Templates of an export: from its prompts, else from what its model family is known to want.</summary>
internal static class ExportTemplates
{
    private const string Subject = "templates";

    private static readonly string[] QueryNames = ["query", "retrieval.query", "s2p_query", "search_query"];

    private static readonly string[] DocumentNames = ["passage", "document", "corpus", "retrieval.passage", "search_document"];

    public static EncoderDescriptor Apply(EncoderDescriptor descriptor, ExportFacts facts)
    {
        if (facts.Prompts.Values.Any(prompt => prompt.Length > 0))
            return FromPrompts(descriptor, facts);
        if (descriptor.Dense == null)
            return descriptor;
        var (query, document) = OfFamily(facts.Name);
        if (query.Length + document.Length > 0)
            facts.Guess(Subject, $"\"{query}\" before queries, \"{document}\" before documents, because of the name {facts.Name}");
        else
            facts.Guess(Subject, "none, queries and documents alike: no file of the folder has prompts");
        return descriptor with
        {
            QueryTemplate = query + EncoderDescriptor.TextMark,
            DocumentTemplate = document + EncoderDescriptor.TextMark,
        };
    }

    private static EncoderDescriptor FromPrompts(EncoderDescriptor descriptor, ExportFacts facts)
    {
        var otherwise = facts.DefaultPrompt.Length > 0 ? facts.Prompts[facts.DefaultPrompt] : "";
        var query = QueryNames.FirstOrDefault(facts.Prompts.ContainsKey);
        var document = DocumentNames.FirstOrDefault(facts.Prompts.ContainsKey);
        facts.Say(Subject, "from the prompts of config_sentence_transformers.json");
        var sides = new[] { query, document };
        return descriptor with
        {
            QueryTemplate = (query == null ? otherwise : facts.Prompts[query]) + EncoderDescriptor.TextMark,
            DocumentTemplate = (document == null ? otherwise : facts.Prompts[document]) + EncoderDescriptor.TextMark,
            Tasks =
            [
                .. facts.Prompts.Where(prompt => !sides.Contains(prompt.Key) && prompt.Key.Length is > 0 and <= DescriptorLimits.TaskBytes)
                    .OrderBy(prompt => prompt.Key, StringComparer.Ordinal)
                    .Select(prompt => new TaskTemplate(prompt.Key, SideOf(prompt.Key), prompt.Value + EncoderDescriptor.TextMark)),
            ],
        };
    }

    private static EncoderSide SideOf(string task)
    {
        if (task.Contains("query", StringComparison.OrdinalIgnoreCase))
            return EncoderSide.Query;
        return task.Contains("passage", StringComparison.OrdinalIgnoreCase) || task.Contains("document", StringComparison.OrdinalIgnoreCase)
            ? EncoderSide.Document
            : EncoderSide.Symmetric;
    }

    /// <summary>What the authors of models without prompt files ask for in their descriptions.</summary>
    private static (string Query, string Document) OfFamily(string name)
    {
        var parts = name.ToLowerInvariant().Split('-', '_');
        if (parts.Contains("e5") && !parts.Contains("instruct"))
            return ("query: ", "passage: ");
        if (!parts.Contains("bge") || !parts.Any(part => part is "small" or "base" or "large"))
            return ("", "");
        if (parts.Contains("zh"))
            return ("为这个句子生成表示以用于检索相关文章：", "");
        return parts.Contains("en") ? ("Represent this sentence for searching relevant passages: ", "") : ("", "");
    }
}
