using System.Collections.ObjectModel;

namespace SearchEngine.Models.Onnx.Writing;

/// <summary>A model around a graph, and its form as a file.</summary>
public sealed record OnnxModel(OnnxGraph Graph)
{
    /// <summary>LayerNormalization came with 17; later sets change reductions.</summary>
    public const int DefaultOperatorSet = 17;

    private const int IrVersionOfOperatorSet17 = 8;

    public int OperatorSet { get; init; } = DefaultOperatorSet;

    /// <summary>The version of the file format.</summary>
    public int IrVersion { get; init; } = IrVersionOfOperatorSet17;

    public string Producer { get; init; } = "searchengine";

    /// <summary>The model's own version.</summary>
    public long Version { get; init; }

    public string Description { get; init; } = "";

    public string Domain { get; init; } = "";

    /// <summary>Free keys and values, read back as the custom metadata of a session.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <exception cref="InvalidOperationException">The model exceeds what the format can hold (2 GiB).</exception>
    public void WriteTo(Stream stream)
    {
        var message = ToMessage();
        if (message.Length > int.MaxValue)
        {
            throw new InvalidOperationException(
                $"The model has {message.Length} bytes, and the format ends at {int.MaxValue}: use external initializers.");
        }
        message.WriteTo(stream);
    }

    public byte[] ToArray()
    {
        var stream = new MemoryStream();
        WriteTo(stream);
        return stream.ToArray();
    }

    private WireMessage ToMessage()
    {
        const int Ir = 1, ProducerName = 2, ModelDomain = 4, ModelVersion = 5, Doc = 6, GraphField = 7, Sets = 8, Properties = 14;
        const int SetVersion = 2;
        var model = new WireMessage()
            .Number(Ir, IrVersion)
            .Text(ProducerName, Producer)
            .Text(ModelDomain, Domain)
            .Number(ModelVersion, Version)
            .Text(Doc, Description)
            .Message(GraphField, Graph.ToMessage())
            .Message(Sets, new WireMessage().Number(SetVersion, OperatorSet));
        foreach (var (key, value) in Metadata)
            model.Message(Properties, OnnxGraph.Entry(key, value));
        return model;
    }
}
