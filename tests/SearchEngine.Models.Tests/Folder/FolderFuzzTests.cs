using SearchEngine.Models.Folder;
using SearchEngine.Models.Tests.Onnx;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

/// <summary>Files of a folder with bytes changed, cut or doubled: a reading, or a typed refusal.</summary>
public sealed class FolderFuzzTests
{
    private const int Seed = 20_261_126;

    [Fact]
    public void A_mutated_descriptor_is_read_or_refused_with_its_type()
    {
        using var folder = new TestFolder();
        EncoderFile.Write(folder.Path, TestFolder.AllHeads);
        var path = Path.Combine(folder.Path, EncoderFile.FileName);
        var original = File.ReadAllBytes(path);
        var random = new Random(Seed);
        var refused = 0;
        for (var round = 0; round < 2000; round++)
        {
            File.WriteAllBytes(path, Mutate(original, random));
            try
            {
                EncoderFile.Read(folder.Path);
            }
            catch (ModelFolderException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 2000);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("modules.json")]
    [InlineData("1_Pooling/config.json")]
    [InlineData("sentence_bert_config.json")]
    [InlineData("config_sentence_transformers.json")]
    public void A_mutated_export_opens_or_is_refused_with_its_type(string name)
    {
        SharedRuntime.Get();
        using var folder = ExportTests.Export("some/model", normalizes: true);
        folder.WriteJson("config_sentence_transformers.json", """{"prompts": {"query": "red ", "\u00e9": ""}, "default_prompt_name": null}""");
        var path = Path.Combine(folder.Path, name);
        var original = File.ReadAllBytes(path);
        var random = new Random(Seed);
        var refused = 0;
        for (var round = 0; round < 25; round++)
        {
            File.WriteAllBytes(path, Mutate(original, random));
            try
            {
                folder.Open().Dispose();
            }
            catch (ModelFolderException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 5, 25);
    }

    [Fact]
    public void A_name_that_is_not_Unicode_is_refused()
    {
        using var folder = new TestFolder();
        folder.WriteJson(EncoderFile.FileName, """{"format": 1, "\ud800": 1}""");
        Assert.Throws<ModelFolderException>(() => EncoderFile.Read(folder.Path));
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        const string Interesting = "{}[]\",:0-9eE.\\u\0\u007f";
        var bytes = original.ToList();
        for (var change = random.Next(3); change >= 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = (byte)Interesting[random.Next(Interesting.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, random.Next(1, 8)));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 8))));
                    break;
            }
        }
        return [.. bytes];
    }
}
