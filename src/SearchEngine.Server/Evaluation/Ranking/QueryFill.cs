namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>Puts a judged query into a search that says everything else.</summary>
internal static class QueryFill
{
    /// <param name="template">Its queries are empty, or say which form of the judged query they want.</param>
    /// <param name="query">With a text, a vector, or both.</param>
    /// <param name="origin">Where its vector comes from.</param>
    /// <param name="encodes">Whether texts can be encoded here: then a text is preferred to a vector, which may be another encoder's.</param>
    public static Wire.SearchRequest Of(Wire.SearchRequest template, Wire.JudgedQuery query, Wire.VectorOrigin? origin, bool encodes)
    {
        Wire.SearchRequest filled = template.Clone();
        if (filled.SearchCase == Wire.SearchRequest.SearchOneofCase.Hybrid)
        {
            foreach (Wire.Component component in filled.Hybrid.Components)
            {
                component.Query ??= new Wire.Query();
                Fill(component.Query, query, origin, encodes);
            }
            return filled;
        }
        filled.Query ??= new Wire.Query();
        Fill(filled.Query, query, origin, encodes);
        return filled;
    }

    /// <summary>Refuses a template that brings a query of its own.</summary>
    public static void Check(Wire.SearchRequest template, string path)
    {
        if (template.Header is not null)
        {
            throw Refusal.Invalid($"{path}.header", "A search of a configuration has a header of its own.", "Leave it unset, and name another collection in the configuration.");
        }
        if (template.SearchCase == Wire.SearchRequest.SearchOneofCase.Hybrid)
        {
            for (int i = 0; i < template.Hybrid.Components.Count; i++)
            {
                CheckEmpty(template.Hybrid.Components[i].Query, $"{path}.hybrid.components[{i}].query");
            }
        }
        else
        {
            CheckEmpty(template.Query, $"{path}.query");
        }
    }

    private static void CheckEmpty(Wire.Query? query, string path)
    {
        bool isEmpty = query?.KindCase switch
        {
            Wire.Query.KindOneofCase.Vector => query.Vector.Data.IsEmpty && query.Vector.Values.Count == 0,
            Wire.Query.KindOneofCase.Text => query.Text.Text.Length == 0,
            Wire.Query.KindOneofCase.Lexical => query.Lexical.Text.Length == 0,
            Wire.Query.KindOneofCase.None or null => true,
            _ => false,
        };
        if (!isEmpty)
        {
            throw Refusal.Invalid(path, "The query comes from the judgements.", "Leave it empty; set text, vector or lexical without content to say which form is meant.");
        }
    }

    private static void Fill(Wire.Query query, Wire.JudgedQuery judged, Wire.VectorOrigin? origin, bool encodes)
    {
        switch (query.KindCase)
        {
            case Wire.Query.KindOneofCase.Text:
                query.Text.Text = judged.Text;
                break;
            case Wire.Query.KindOneofCase.Lexical:
                query.Lexical.Text = judged.Text;
                break;
            case Wire.Query.KindOneofCase.None when judged.Vector is null || (encodes && judged.Text.Length > 0):
                query.Text = new Wire.TextQuery { Text = judged.Text };
                break;
            default:
                // Not the same message: searches that run beside each other would share it.
                query.Vector = judged.Vector?.Clone() ?? new Wire.Vector();
                query.Origin ??= origin?.Clone();
                break;
        }
    }
}
