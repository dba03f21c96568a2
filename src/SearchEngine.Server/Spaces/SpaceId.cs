using System.Security.Cryptography;
using Google.Protobuf;

namespace SearchEngine.Server.Spaces;

/// <summary>
/// The space of an encoder: "s1-" and the first 128 bits of the SHA-256 over its descriptor in canonical form. Two descriptors that
/// mean the same give the same space, in every language that follows the rule of protos/README.md.
/// </summary>
internal static class SpaceId
{
    /// <summary>Spaces of described encoders begin with this; declared ones must not.</summary>
    public const string Prefix = "s1-";

    private const int HashBytes = 16;
    private const string PlainTemplate = "{text}";

    public static string Of(Wire.EncoderDescriptor descriptor) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(Canonical(descriptor).ToByteArray()).AsSpan(0, HashBytes));

    /// <summary>
    /// Fields in the order of their numbers, which is how they are written; nothing for a default; no name; no value that stands for
    /// another one.
    /// </summary>
    private static Wire.EncoderDescriptor Canonical(Wire.EncoderDescriptor descriptor)
    {
        Wire.EncoderDescriptor canonical = Known(descriptor);
        canonical.WeightsSha256 = canonical.WeightsSha256.ToLowerInvariant();
        canonical.TokenizerSha256 = canonical.TokenizerSha256.ToLowerInvariant();
        canonical.Name = "";
        canonical.Pooling = canonical.Pooling == 0 ? Wire.Pooling.Mean : canonical.Pooling;
        canonical.Normalization = canonical.Normalization == 0 ? Wire.Normalization.Unit : canonical.Normalization;
        canonical.Sidedness = canonical.Sidedness == 0 ? Wire.Sidedness.Symmetric : canonical.Sidedness;
        canonical.QueryTemplate = canonical.QueryTemplate.Length == 0 ? PlainTemplate : canonical.QueryTemplate;
        canonical.DocumentTemplate = canonical.DocumentTemplate.Length == 0 ? PlainTemplate : canonical.DocumentTemplate;
        if (canonical.Outputs.Count == 0)
        {
            canonical.Outputs.Add(Wire.OutputKind.Dense);
        }
        for (int i = 0; i < canonical.Outputs.Count; i++)
        {
            canonical.Outputs[i] = canonical.Outputs[i] == 0 ? Wire.OutputKind.Dense : canonical.Outputs[i];
        }
        return canonical;
    }

    // A field of a later contract would be hashed by servers that keep unknown fields and not by others.
    private static Wire.EncoderDescriptor Known(Wire.EncoderDescriptor descriptor) =>
        Wire.EncoderDescriptor.Parser.WithDiscardUnknownFields(true).ParseFrom(descriptor.ToByteArray());
}
