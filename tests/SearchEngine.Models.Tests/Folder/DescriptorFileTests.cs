using System.Text.Json.Nodes;
using SearchEngine.Models.Folder;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

public sealed class DescriptorFileTests
{
    [Fact]
    public void A_descriptor_that_is_written_and_read_and_written_again_is_the_same_file()
    {
        using var folder = new TestFolder();
        EncoderFile.Write(folder.Path, TestFolder.AllHeads with { ReferenceWeights = new string('a', 64) });
        var first = File.ReadAllText(Path.Combine(folder.Path, EncoderFile.FileName));
        var read = EncoderFile.Read(folder.Path)!;
        EncoderFile.Write(folder.Path, read);
        Assert.Equal(first, File.ReadAllText(Path.Combine(folder.Path, EncoderFile.FileName)));
        Assert.Equal(TestFolder.AllHeads.Tasks, read.Tasks);
        Assert.Equal([8, 16], read.Dense!.AllowedDimensions);
    }

    [Fact]
    public void A_descriptor_that_reading_would_refuse_is_not_written()
    {
        using var folder = new TestFolder();
        var fault = Assert.Throws<ModelFolderException>(
            () => EncoderFile.Write(folder.Path, TestFolder.AllHeads with { QueryTemplate = "no mark" }));
        Assert.Equal("templates.query", fault.JsonPath);
        Assert.Empty(Directory.GetFiles(folder.Path, "encoder*"));
    }

    [Theory]
    [InlineData("$", "surprise", "1", "unknown property")]
    [InlineData("$", "format", "2", "must be 1")]
    [InlineData("$", "max_tokens", "0", "integer from 1")]
    [InlineData("$", "max_tokens", "1e300", "integer from 1")]
    [InlineData("$", "max_tokens", "99999999999999999999", "integer from 1")]
    [InlineData("$", "max_tokens", "\"512\"", "integer from 1")]
    [InlineData("$", "pooling", "\"max\"", "use one of")]
    [InlineData("$", "normalization", "7", "expected a string")]
    [InlineData("$", "reference_weights", "\"beef\"", "SHA-256")]
    [InlineData("$", "tasks", "{}", "expected an array")]
    [InlineData("$", "outputs", "{}", "names no output")]
    [InlineData("$", "outputs", "[]", "no object")]
    [InlineData("templates", "query", "\"{text}{text}\"", "once")]
    [InlineData("padding", "id", "-1", "integer from 0")]
    [InlineData("padding", "side", "\"up\"", "use one of")]
    [InlineData("outputs.dense", "dimension", "8193", "integer from 1")]
    [InlineData("outputs.dense", "allowed_dimensions", "[16, 8]", "integer from 17")]
    [InlineData("outputs.dense", "allowed_dimensions", "[32]", "integer from 1")]
    [InlineData("outputs.dense", "output", "\"\"", "is empty")]
    [InlineData("outputs.sparse", "form", "\"dense\"", "use one of")]
    [InlineData("outputs.classes", "labels", "[]", "no class")]
    public void A_value_of_the_wrong_kind_is_refused_with_its_place(string place, string property, string value, string reason)
    {
        using var folder = new TestFolder();
        EncoderFile.Write(folder.Path, TestFolder.AllHeads);
        folder.EditJson(EncoderFile.FileName, root =>
        {
            var node = root;
            foreach (var step in place.Split('.').Where(step => step != "$"))
                node = node[step]!;
            node[property] = JsonNode.Parse(value);
        });
        var fault = Assert.Throws<ModelFolderException>(() => EncoderFile.Read(folder.Path));
        Assert.Equal(EncoderFile.FileName, fault.File);
        Assert.Contains(property is "surprise" ? "$" : property, fault.JsonPath, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"format\":1,\"format\":1}")]
    [InlineData("null")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void A_file_that_is_no_object_is_refused(string content)
    {
        using var folder = new TestFolder();
        folder.WriteJson(EncoderFile.FileName, content);
        var fault = Assert.Throws<ModelFolderException>(() => EncoderFile.Read(folder.Path));
        Assert.Equal(EncoderFile.FileName, fault.File);
    }
}
