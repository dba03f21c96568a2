using SearchEngine.Models.Onnx;

namespace SearchEngine.Models.Folder.Exports;

/// <summary>Which output of an export's model is what, by the names and shapes that exporters give.</summary>
internal static class ExportHeads
{
    private const string Logits = "logits";

    private static readonly string[] States = ["last_hidden_state", "token_embeddings", "hidden_states"];

    private static readonly string[] Vectors = ["sentence_embedding", "dense_vecs", "embeddings", "text_embeds"];

    private static readonly string[] Sparse = ["sparse_vecs", "sparse_weights", "sparse"];

    private static readonly string[] Multi = ["colbert_vecs", "multi_vecs"];

    public static EncoderDescriptor Apply(EncoderDescriptor descriptor, ExportFacts facts, IReadOnlyList<OnnxTensorInfo> outputs)
    {
        var logits = outputs.FirstOrDefault(output => output.Name == Logits);
        if (logits is { Dimensions.Count: 2 })
            return OfClassifier(descriptor, facts, logits);
        if (logits is { Dimensions.Count: 3 } && facts.Architecture.EndsWith("ForMaskedLM", StringComparison.Ordinal))
        {
            facts.Guess("outputs.sparse", "logits over the vocabulary are taken for a SPLADE model");
            return descriptor with { Sparse = new SparseHead(Logits, SparseForm.TokenLogits) };
        }
        var read = OfEncoder(descriptor, facts, outputs);
        if (Named(outputs, Sparse) is { } sparse)
            read = read with { Sparse = new SparseHead(sparse.Name, FormOf(sparse)) };
        if (Named(outputs, Multi) is { Dimensions.Count: 3 } multi && multi.Dimensions[^1].Size is { } width)
            read = read with { Multi = new MultiHead(multi.Name, (int)width) };
        return read;
    }

    private static EncoderDescriptor OfClassifier(EncoderDescriptor descriptor, ExportFacts facts, OnnxTensorInfo logits)
    {
        var classes = logits.Dimensions[1].Size ?? facts.Labels.Count;
        if (classes <= 1)
        {
            facts.Guess("outputs.score", "one logit per text is taken for the score of a pair");
            return descriptor with { Score = new ScoreHead(logits.Name) };
        }
        if (facts.Labels.Count != classes)
        {
            throw new ModelFolderException(
                "config.json", "id2label", $"There are {facts.Labels.Count} labels, and the model has {classes} classes.");
        }
        return descriptor with { Classes = new ClassHead(logits.Name, facts.Labels) };
    }

    private static EncoderDescriptor OfEncoder(EncoderDescriptor descriptor, ExportFacts facts, IReadOnlyList<OnnxTensorInfo> outputs)
    {
        var states = Named(outputs, States);
        var vector = Named(outputs, Vectors);
        var modelPools = vector != null && (states == null || facts.Pooling == null || facts.LayerBehindPooling.Length > 0);
        var chosen = modelPools ? vector : states;
        if (chosen == null)
        {
            throw new ModelFolderException(
                descriptor.ModelFile, "",
                $"None of the outputs {string.Join(", ", outputs.Select(o => o.Name))} is known; write {EncoderFile.FileName} and name it.");
        }
        if (!modelPools && facts.LayerBehindPooling.Length > 0)
        {
            throw new ModelFolderException(
                "modules.json", "", $"The layer {facts.LayerBehindPooling} is not part of the model; export it with its sentence_embedding.");
        }
        var pooling = modelPools ? PoolingMode.Model : facts.Pooling ?? GuessPooling(facts);
        return descriptor with
        {
            Pooling = pooling,
            Normalization = Normalization(facts),
            Dense = new DenseHead(chosen.Name, DimensionOf(chosen, facts), []),
        };
    }

    private static PoolingMode GuessPooling(ExportFacts facts)
    {
        var cls = facts.Name.Contains("bge", StringComparison.OrdinalIgnoreCase) || facts.Name.Contains("arctic", StringComparison.OrdinalIgnoreCase);
        var pooling = cls ? PoolingMode.Cls : PoolingMode.Mean;
        facts.Guess("pooling", $"{pooling}: the folder has no pooling module");
        return pooling;
    }

    private static VectorNormalization Normalization(ExportFacts facts)
    {
        if (!facts.HasModules)
        {
            facts.Guess("normalization", "unit: the folder has no modules.json");
            return VectorNormalization.Unit;
        }
        facts.Say("normalization", facts.Normalizes ? "unit, from modules.json" : "none, because modules.json has no Normalize");
        return facts.Normalizes ? VectorNormalization.Unit : VectorNormalization.None;
    }

    private static int DimensionOf(OnnxTensorInfo output, ExportFacts facts)
    {
        var declared = output.Dimensions.Count > 0 ? output.Dimensions[^1].Size : null;
        var said = facts.LayerBehindPooling.Length > 0 ? null : facts.PooledDimension ?? facts.HiddenSize;
        var dimension = declared ?? said
            ?? throw new ModelFolderException("config.json", "hidden_size", $"Neither it nor the output {output.Name} gives the dimension.");
        if (said is { } other && other != dimension)
        {
            throw new ModelFolderException(
                facts.PooledDimension != null ? "1_Pooling/config.json" : "config.json",
                facts.PooledDimension != null ? "word_embedding_dimension" : "hidden_size",
                $"The value is {other}, and the model's output {output.Name} has dimension {dimension}.");
        }
        return dimension is >= 1 and <= DescriptorLimits.Dimension
            ? (int)dimension
            : throw new ModelFolderException(
                "config.json", "hidden_size", $"The dimension is {dimension}; 1 to {DescriptorLimits.Dimension} are supported.");
    }

    private static SparseForm FormOf(OnnxTensorInfo output) => output.Dimensions switch
    {
        { Count: 3 } dimensions when dimensions[2].Size is not 1 => SparseForm.TokenLogits,
        { Count: 2 } dimensions when dimensions[1].Size is > 1 => SparseForm.Vocabulary,
        _ => SparseForm.TokenWeights,
    };

    private static OnnxTensorInfo? Named(IReadOnlyList<OnnxTensorInfo> outputs, string[] names) =>
        names.Select(name => outputs.FirstOrDefault(output => output.Name == name)).FirstOrDefault(output => output != null);
}
