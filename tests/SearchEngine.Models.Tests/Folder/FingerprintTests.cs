using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

public sealed class FingerprintTests
{
    public static TheoryData<string> Changes() => ["query", "document", "task", "pooling", "normalization", "max_tokens", "dimensions", "outputs"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changed_descriptor_is_another_space(string change)
    {
        using var folder = TestFolder.OfAllHeads();
        var before = Fingerprint(folder);
        var descriptor = TestFolder.AllHeads;
        EncoderFile.Write(folder.Path, change switch
        {
            "query" => descriptor with { QueryTemplate = descriptor.DocumentTemplate, DocumentTemplate = descriptor.QueryTemplate },
            "document" => descriptor with { DocumentTemplate = "{text}" },
            "task" => descriptor with { Tasks = [] },
            "pooling" => descriptor with { Pooling = PoolingMode.Cls },
            "normalization" => descriptor with { Normalization = VectorNormalization.None },
            "max_tokens" => descriptor with { MaxTokens = 63 },
            "dimensions" => descriptor with { Dense = descriptor.Dense! with { AllowedDimensions = [8] } },
            _ => descriptor with { Sparse = null },
        });
        var after = Fingerprint(folder);
        Assert.True(before.Space != after.Space, $"a change of {change} left the space {before.Space}");
        Assert.NotEqual(before.Build, after.Build);
    }

    [Fact]
    public void Other_weights_and_another_tokenizer_are_other_spaces()
    {
        using var folder = TestFolder.OfAllHeads();
        var before = Fingerprint(folder);
        folder.WriteTokenizer(isUncased: false);
        var tokenizer = Fingerprint(folder);
        folder.WriteAllHeads("model.onnx", TestFolder.Seed + 1);
        var weights = Fingerprint(folder);
        Assert.Equal(3, new[] { before.Space, tokenizer.Space, weights.Space }.Distinct().Count());
    }

    [Fact]
    public void Names_layout_and_files_that_do_not_matter_change_nothing()
    {
        using var folder = TestFolder.OfAllHeads();
        var before = Fingerprint(folder);
        folder.WriteJson("README.md", "about");
        folder.WriteJson("config.json", """{"hidden_size": 7}""");
        folder.EditJson("tokenizer.json", root => root["truncation"] = null);
        folder.EditJson(EncoderFile.FileName, root => root["name"] = "another name");
        Assert.Equal(before, Fingerprint(folder));
        Assert.Matches("^s1-[0-9a-f]{32}$", before.Space);
        Assert.Matches("^b1-[0-9a-f]{32}$", before.Build);
    }

    [Fact]
    public void A_quantized_build_shares_the_space_of_its_reference()
    {
        using var folder = ExportTests.Export("some/model", normalizes: true);
        // Not quantized in truth: what counts here is that it is another file beside the full model.
        folder.WriteStates("onnx/model_quantized.onnx", seed: TestFolder.Seed + 1);
        var full = Fingerprint(folder);
        var int8 = Fingerprint(folder, new EncoderModelOptions { Variant = ModelVariant.Int8 });
        Assert.Equal(full.Space, int8.Space);
        Assert.NotEqual(full.Build, int8.Build);
        File.Delete(Path.Combine(folder.Path, "onnx", "model.onnx"));
        Assert.NotEqual(full.Space, Fingerprint(folder, new EncoderModelOptions { Variant = ModelVariant.Int8 }).Space);
    }

    [Fact]
    public void The_space_is_the_hash_of_the_contracts_canonical_message()
    {
        var descriptor = new EncoderDescriptor { MaxTokens = 300, Dense = new DenseHead("y", 200, [2, 150]) };
        // Fields 2 to 12 of searchengine.v1.EncoderDescriptor as protobuf writes them.
        byte[] message =
        [
            0x12, 1, (byte)'w', 0x1a, 1, (byte)'t', 0x20, 1, 0x28, 1, 0x30, 1, 0x3a, 6, .. "{text}"u8, 0x42, 6, .. "{text}"u8,
            0x48, 0xac, 2, 0x52, 1, 1, 0x58, 0xc8, 1, 0x62, 3, 2, 0x96, 1,
        ];
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(message));
        Assert.Equal($"s1-{hash[..32]}", FingerprintMaker.Space(descriptor, "w", "t"));
    }

    private static ModelFingerprint Fingerprint(TestFolder folder, EncoderModelOptions? options = null)
    {
        using var model = folder.Open(options);
        return model.Fingerprint;
    }
}
