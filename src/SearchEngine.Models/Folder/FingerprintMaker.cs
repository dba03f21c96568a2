using System.Security.Cryptography;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Folder;

/// <summary>
/// Space and build ids from content. A space is hashed over the contract's EncoderDescriptor in its canonical protobuf form,
/// written here by field number so that this project needs no generated code.
/// </summary>
internal static class FingerprintMaker
{
    private const int IdBytes = 16;

    private const int Weights = 2, TokenizerHash = 3, PoolingField = 4, NormalizationField = 5, Sidedness = 6, Query = 7, Document = 8;
    private const int MaxTokens = 9, Outputs = 10, Dimension = 11, Allowed = 12, Tasks = 13;

    private const int Symmetric = 1, Asymmetric = 2;

    private const int DenseKind = 1, SparseKind = 2, MultiKind = 3;

    public static string Space(EncoderDescriptor descriptor, string weights, string tokenizer)
    {
        const int Task = 1, Side = 2, Template = 3;
        var message = new WireMessage()
            .Text(Weights, weights)
            .Text(TokenizerHash, tokenizer)
            .Number(PoolingField, (int)descriptor.Pooling)
            .Number(NormalizationField, (int)descriptor.Normalization)
            .Number(Sidedness, descriptor.IsAsymmetric ? Asymmetric : Symmetric)
            .Text(Query, descriptor.QueryTemplate)
            .Text(Document, descriptor.DocumentTemplate)
            .Number(MaxTokens, descriptor.MaxTokens);
        Packed(message, Outputs, OutputKinds(descriptor));
        if (descriptor.Dense is { } dense)
        {
            message.Number(Dimension, dense.Dimension);
            Packed(message, Allowed, dense.AllowedDimensions);
        }
        foreach (var task in descriptor.Tasks)
        {
            message.Message(
                Tasks,
                new WireMessage().Text(Task, task.Task).Number(Side, (int)task.Side).Text(Template, task.Template));
        }
        using var stream = new MemoryStream();
        message.WriteTo(stream);
        return "s1-" + Id(SHA256.HashData(stream.ToArray()));
    }

    public static string Build(string space, string modelFile, string precision, string provider, string runtime)
    {
        using var writer = new FingerprintWriter();
        var hash = writer.Add(space).Add(modelFile).Add(precision).Add(provider).Add(runtime).Finish();
        return "b1-" + hash[..(2 * IdBytes)];
    }

    private static List<int> OutputKinds(EncoderDescriptor descriptor)
    {
        var kinds = new List<int>();
        if (descriptor.Dense != null)
            kinds.Add(DenseKind);
        if (descriptor.Sparse != null)
            kinds.Add(SparseKind);
        if (descriptor.Multi != null)
            kinds.Add(MultiKind);
        return kinds;
    }

    /// <summary>Repeated numbers share one field, as protobuf packs them; none are left out.</summary>
    private static void Packed(WireMessage message, int field, IReadOnlyList<int> numbers)
    {
        const int Payload = 0x7f, More = 0x80, PayloadBits = 7;
        if (numbers.Count == 0)
            return;
        var bytes = new List<byte>();
        foreach (var number in numbers)
        {
            var rest = (uint)number;
            for (; rest > Payload; rest >>= PayloadBits)
                bytes.Add((byte)((rest & Payload) | More));
            bytes.Add((byte)rest);
        }
        message.Payload(field, bytes.ToArray());
    }

    private static string Id(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, IdBytes));
}
