using System.Buffers.Binary;
using System.Text;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;
using SearchEngine.Protocol.V1;
using SearchEngine.Testing;
using Xunit;
using Record = SearchEngine.Cli.Transfer.Record;

namespace SearchEngine.Cli.Tests.Transfer;

/// <summary>Files to records: every form, and what is refused with file and place.</summary>
public sealed class RecordFileTests
{
    [Fact]
    public void JsonLine_KeepsIdTextsVectorsAndAttributesApart()
    {
        Record record = Assert.Single(Read("""{"_id": 7, "title": "A", "text": "b", "vector": [1, 2.5], "metadata": {"year": 2026}, "tags": ["x"]}"""));
        Assert.Equal(7UL, record.Id.Number);
        Assert.Equal(["text", "title"], record.Texts.Keys.Order());
        Assert.Equal([1f, 2.5f], record.Vectors[""]);
        Assert.Equal(["tags", "year"], record.Attributes.Keys.Order());
    }

    [Theory]
    [InlineData("{\"id\": 1}\n[1]", "line 2")]
    [InlineData("{\"text\": \"no id\"}", "\"id\"")]
    [InlineData("{\"id\": -1}", "line 1")]
    [InlineData("{\"id\": 1, \"vector\": \"x\"}", "vector")]
    [InlineData("{\"id\": 1, \"vector\": [\"x\"]}", "line 1")]
    [InlineData("{\"id\": 1", "line 1")]
    public void BadLine_IsRefusedByItsPlace(string lines, string named)
    {
        InputException refused = Assert.Throws<InputException>(() => Read(lines));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.fvecs")]
    [InlineData("rows.fbin")]
    [InlineData("rows.npy")]
    public void VectorFile_GivesRowsWithTheirNumbers(string name)
    {
        using var folder = new TempDirectory();
        string path = folder.File(name);
        File.WriteAllBytes(path, Rows(name));
        RecordFile file = RecordFile.Open(path);
        Record[] rows = [.. file.Read()];
        Assert.Equal((2L, 2), (file.Count, rows.Length));
        Assert.Equal([1f, 2f, 3f], rows[0].Vectors[""]);
        Assert.Equal((1UL, 6f), (rows[1].Id.Number, rows[1].Vectors[""][2]));
    }

    [Theory]
    [InlineData("rows.fvecs")]
    [InlineData("rows.fbin")]
    [InlineData("rows.npy")]
    public void VectorFileThatIsCutOff_IsRefusedBeforeARowIsRead(string name)
    {
        using var folder = new TempDirectory();
        string path = folder.File(name);
        File.WriteAllBytes(path, Rows(name)[..^1]);
        InputException refused = Assert.Throws<InputException>(() => RecordFile.Open(path));
        Assert.Contains("cut off", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LengthsThatTheFileDoesNotHave_AreNotBelieved()
    {
        using var folder = new TempDirectory();
        string path = folder.File("rows.fbin");
        File.WriteAllBytes(path, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
        Assert.Throws<InputException>(() => RecordFile.Open(path));
        File.WriteAllBytes(folder.File("rows.fvecs"), [0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0]);
        Assert.Throws<InputException>(() => RecordFile.Open(folder.File("rows.fvecs")));
    }

    [Fact]
    public void InferredSchema_NamesTheTypesOfTheSample()
    {
        CollectionConfig schema = SchemaInference.Of(
            Read("""
                {"id": 1, "vector": [1, 2], "n": 1, "f": 1, "b": true, "d": "2026-11-26", "k": "x", "l": ["x"], "p": {"lat": 1, "lon": 2}, "mixed": 1}
                {"id": 2, "vector": [3, 4], "n": 2, "f": 0.5, "d": "2026-11-26T08:30:00Z", "k": "2026-11-26", "l": [], "mixed": "one", "none": null}
                """),
            null);
        Assert.Equal(2U, schema.Vectors.Single().Dimension);
        string[] types = [.. schema.Attributes.Select(attribute => $"{attribute.Name} {attribute.Type} {attribute.Multiplicity}")];
        Assert.Equal(
            ["b Bool Single", "d Timestamp Single", "f Float Single", "k Keyword Single", "l Keyword Array", "mixed Keyword Single", "n Integer Single", "p GeoPoint Single"], types);
    }

    [Fact]
    public void ExportedLine_IsReadBackTheSame()
    {
        const string Line = """{"id":"a","texts":{"text":"T\nb","title":"T"},"attributes":{"d":"2026-11-26T08:30:00Z","l":["x","y"],"n":3},"vector":[0.5,-2]}""";
        var config = new CollectionConfig();
        config.Vectors.Add(new VectorSchema { Dimension = 2, SourceTextField = "text" });
        config.Texts.Add([new TextSchema { Name = "text" }, new TextSchema { Name = "title" }]);
        config.Attributes.Add(
        [
            new AttributeSchema { Name = "d", Type = AttributeType.Timestamp }, new AttributeSchema { Name = "l", Type = AttributeType.Keyword },
            new AttributeSchema { Name = "n", Type = AttributeType.Integer },
        ]);
        using var written = new MemoryStream();
        RecordLines.Write(new PointMap(config).Of(Read(Line).Single()), written);
        Point again = new PointMap(config).Of(Read(Encoding.UTF8.GetString(written.ToArray())).Single());
        Assert.Equal(new PointMap(config).Of(Read(Line).Single()), again);
        Assert.Equal("T\nb", again.Texts["text"]);
    }

    private static Record[] Read(string lines)
    {
        using var folder = new TempDirectory();
        File.WriteAllText(folder.File("lines.jsonl"), lines);
        return [.. JsonRecords.Read(folder.File("lines.jsonl"))];
    }

    private static byte[] Rows(string name)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        switch (Path.GetExtension(name))
        {
            case ".fbin":
                writer.Write(2);
                writer.Write(3);
                break;
            case ".npy":
                byte[] header = Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n");
                var length = new byte[sizeof(ushort)];
                BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
                writer.Write([0x93, .. "NUMPY"u8, 1, 0, .. length, .. header]);
                break;
        }
        for (int row = 0; row < 2; row++)
        {
            if (name.EndsWith("vecs", StringComparison.Ordinal)) writer.Write(3);
            for (int element = 1; element <= 3; element++)
            {
                writer.Write((float)(row * 3 + element));
            }
        }
        writer.Flush();
        return stream.ToArray();
    }
}
