using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Spaces;

/// <summary>Checks a binding and fills in what it leaves open, so that what is stored says all there is to say.</summary>
internal static class SpaceBindingCheck
{
    private const int MaxDeclaredBytes = 128;
    private const int MaxNameBytes = 128;
    private const int MaxTemplateBytes = 4_096;
    private const int MaxCanaries = 64;
    private const int MaxCanaryBytes = 4_096;
    private const int MaxBuildBytes = 128;
    private const int MaxTokens = 131_072;
    private const int MaxTasks = 64;
    private const int MaxPrefixes = 16;
    private const int Sha256Digits = 64;
    private const float DefaultFloor = 0.999f;

    public static Wire.SpaceBinding Complete(Wire.SpaceBinding given, int dimension, string path)
    {
        Wire.SpaceBinding binding = given.Clone();
        switch (binding.KindCase)
        {
            case Wire.SpaceBinding.KindOneofCase.Declared:
                CheckDeclared(binding.Declared, $"{path}.declared");
                binding.Sidedness = binding.Sidedness == 0 ? Wire.Sidedness.Symmetric : binding.Sidedness;
                break;
            case Wire.SpaceBinding.KindOneofCase.Encoder:
                CheckEncoder(binding.Encoder, dimension, $"{path}.encoder");
                binding.Sidedness = binding.Encoder.Sidedness == Wire.Sidedness.Asymmetric ? Wire.Sidedness.Asymmetric : Wire.Sidedness.Symmetric;
                if (given.Sidedness != 0 && given.Sidedness != binding.Sidedness)
                {
                    throw Refusal.Invalid(
                        $"{path}.sidedness", "The encoder's descriptor says otherwise about its sides.", "Leave it unset: the descriptor says it.",
                        given.Sidedness.ToString());
                }
                break;
            case Wire.SpaceBinding.KindOneofCase.Model:
                throw new InvalidOperationException("A model's name is replaced by its descriptor before the binding is checked.");
            default:
                throw Refusal.Required(path, "Set encoder or declared, or leave the binding out.");
        }
        CheckCanaries(binding, dimension, path);
        return binding;
    }

    private static void CheckDeclared(string declared, string path)
    {
        if (declared.Length == 0)
        {
            throw Refusal.Required(path, "Name the space, as in \"openai/text-embedding-3-small@1536\".");
        }
        TextLength.Check(declared, MaxDeclaredBytes, path);
        if (declared.StartsWith(SpaceId.Prefix, StringComparison.Ordinal))
        {
            throw Refusal.Invalid(
                path, $"Spaces that begin with \"{SpaceId.Prefix}\" are made of descriptors.", "Give the encoder's descriptor, or another string.", declared);
        }
    }

    private static void CheckEncoder(Wire.EncoderDescriptor encoder, int dimension, string path)
    {
        TextLength.Check(encoder.Name, MaxNameBytes, $"{path}.name");
        CheckDigits(encoder.WeightsSha256, $"{path}.weights_sha256");
        CheckDigits(encoder.TokenizerSha256, $"{path}.tokenizer_sha256");
        TextLength.Check(encoder.QueryTemplate, MaxTemplateBytes, $"{path}.query_template");
        TextLength.Check(encoder.DocumentTemplate, MaxTemplateBytes, $"{path}.document_template");
        if (encoder.MaxTokens == 0)
        {
            throw Refusal.Required($"{path}.max_tokens", "State the longest input in tokens.");
        }
        AtMost(encoder.MaxTokens, MaxTokens, "tokens", $"{path}.max_tokens");
        AtMost(encoder.Tasks.Count, MaxTasks, "tasks", $"{path}.tasks");
        AtMost(encoder.AllowedDimensions.Count, MaxPrefixes, "dimensions", $"{path}.allowed_dimensions");
        if (encoder.Dimension != dimension && !encoder.AllowedDimensions.Contains((uint)dimension))
        {
            throw Refusal.Of(
                Wire.ErrorReason.DimensionMismatch, $"{path}.dimension",
                $"The encoder gives {encoder.Dimension} elements, the vector has {dimension}, which is none of its allowed dimensions.",
                "Use the encoder's dimension or one of its prefixes.", Refusal.Number(encoder.Dimension), Refusal.Number(dimension));
        }
    }

    private static void CheckDigits(string digits, string path)
    {
        if (digits.Length == 0)
        {
            throw Refusal.Required(path, "State the SHA-256 in hexadecimal digits.");
        }
        if (digits.Length != Sha256Digits || !digits.All(char.IsAsciiHexDigit))
        {
            throw Refusal.Invalid(path, "A SHA-256 has 64 hexadecimal digits.", "State all of it.", digits, $"{Sha256Digits} digits");
        }
    }

    /// <summary>What canaries have to be before they are encoded.</summary>
    public static void CheckCanaryTexts(Wire.SpaceBinding binding, string path)
    {
        AtMost(binding.Canaries.Count, MaxCanaries, "canaries", path);
        for (int i = 0; i < binding.Canaries.Count; i++)
        {
            CheckText(binding.Canaries[i].Text, $"{path}[{i}].text");
        }
    }

    private static void CheckCanaries(Wire.SpaceBinding binding, int dimension, string path)
    {
        TextLength.Check(binding.Build, MaxBuildBytes, $"{path}.build");
        CheckCanaryTexts(binding, $"{path}.canaries");
        if (!binding.HasCanaryFloor)
        {
            binding.CanaryFloor = DefaultFloor;
        }
        if (!(binding.CanaryFloor is > 0 and <= 1))
        {
            throw Refusal.Invalid($"{path}.canary_floor", "The least cosine of canaries is above 0, at most 1.", "Use 0.999.");
        }
        for (int i = 0; i < binding.Canaries.Count; i++)
        {
            CheckCanary(binding.Canaries[i], dimension, $"{path}.canaries[{i}]");
        }
    }

    private static void CheckCanary(Wire.Canary canary, int dimension, string path)
    {
        if (canary.Vector is null)
        {
            throw Refusal.Required($"{path}.vector", "State the vector the text has.");
        }
        float[] values = VectorMap.Read(canary.Vector, $"{path}.vector");
        if (values.Length != dimension)
        {
            throw Refusal.Of(
                Wire.ErrorReason.DimensionMismatch, $"{path}.vector", $"The canary has {values.Length} elements, the vector has {dimension}.",
                "Encode it with the collection's encoder.", Refusal.Number(dimension), Refusal.Number(values.Length));
        }
        canary.Side = canary.Side == 0 ? Wire.Side.Document : canary.Side;
    }

    private static void CheckText(string text, string path)
    {
        if (text.Length == 0)
        {
            throw Refusal.Required(path, "State the text.");
        }
        TextLength.Check(text, MaxCanaryBytes, path);
    }

    private static void AtMost(long count, long most, string unit, string path)
    {
        if (count > most)
        {
            throw Refusal.Limit(path, count, most, unit, "State fewer.");
        }
    }
}
