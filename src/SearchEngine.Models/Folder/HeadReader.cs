using SearchEngine.Models.Tokenizers.Reading;

namespace SearchEngine.Models.Folder;

/// <summary>The part "outputs" of encoder.json: which ONNX output is what.</summary>
internal sealed class HeadReader(JsonCursor outputs)
{
    public EncoderDescriptor Read()
    {
        outputs.Allow("dense", "sparse", "multi", "score", "classes");
        var read = new EncoderDescriptor
        {
            MaxTokens = 1,
            Dense = outputs.Find("dense") is { } dense ? Dense(dense) : null,
            Sparse = outputs.Find("sparse") is { } sparse ? Sparse(sparse) : null,
            Multi = outputs.Find("multi") is { } multi ? Multi(multi) : null,
            Score = outputs.Find("score") is { } score ? Score(score) : null,
            Classes = outputs.Find("classes") is { } classes ? Classes(classes) : null,
        };
        var any = read.Dense != null || read.Sparse != null || read.Multi != null || read.Score != null || read.Classes != null;
        return any ? read : throw outputs.Error("names no output; name at least one of dense, sparse, multi, score, classes");
    }

    private static DenseHead Dense(JsonCursor head)
    {
        head.Allow("output", "dimension", "allowed_dimensions");
        var dimension = head.Get("dimension").Within(1, DescriptorLimits.Dimension);
        var allowed = new List<int>();
        if (head.Find("allowed_dimensions") is { } list)
        {
            foreach (var item in list.Items(DescriptorLimits.AllowedDimensions))
                allowed.Add(item.Within(allowed.Count == 0 ? 1 : allowed[^1] + 1, dimension - 1));
        }
        return new DenseHead(Output(head), dimension, allowed);
    }

    private static SparseHead Sparse(JsonCursor head)
    {
        head.Allow("output", "form");
        return new SparseHead(Output(head), head.Get("form").Choice(DescriptorNames.SparseForms));
    }

    private static MultiHead Multi(JsonCursor head)
    {
        head.Allow("output", "dimension");
        return new MultiHead(Output(head), head.Get("dimension").Within(1, DescriptorLimits.Dimension));
    }

    private static ScoreHead Score(JsonCursor head)
    {
        head.Allow("output");
        return new ScoreHead(Output(head));
    }

    private static ClassHead Classes(JsonCursor head)
    {
        head.Allow("output", "labels");
        string[] labels = [.. head.Get("labels").Items(DescriptorLimits.Labels).Select(l => l.Bounded(DescriptorLimits.LabelBytes))];
        return labels.Length > 0 ? new ClassHead(Output(head), labels) : throw head.Get("labels").Error("has no class");
    }

    private static string Output(JsonCursor head)
    {
        var name = head.Get("output").Bounded(DescriptorLimits.OutputNameBytes);
        return name.Length > 0 ? name : throw head.Get("output").Error("is empty");
    }
}
