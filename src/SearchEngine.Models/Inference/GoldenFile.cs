using System.Text.Encodings.Web;
using System.Text.Json;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Tokenizers.Reading;

namespace SearchEngine.Models.Inference;

/// <summary>golden.json: texts with the tokens and vectors of the reference build, stored beside the model.</summary>
public static class GoldenFile
{
    public const string FileName = "golden.json";

    private const int Format = 1, MostTexts = 1000, TextBytes = 1 << 16, MostIds = DescriptorLimits.MaxTokens;

    /// <summary>Computes the golden texts of a model, which is the reference from now on, and writes them into its folder.</summary>
    public static void Write(EncoderModel reference, IEnumerable<GoldenText> texts)
    {
        var golden = texts.Select(text => GoldenTest.Compute(reference, text)).ToList();
        var path = Path.Combine(reference.Folder, FileName);
        var draft = path + ".new";
        using (var stream = File.Create(draft))
            Write(stream, golden);
        File.Move(draft, path, overwrite: true);
    }

    /// <exception cref="ModelFolderException">The file is malformed.</exception>
    internal static IReadOnlyList<GoldenText> Read(string folder)
    {
        var texts = new List<GoldenText>();
        FolderJson.TryRead(new FolderFiles(folder), FileName, root =>
        {
            root.Allow("format", "texts");
            if (root.Get("format").Within(0, int.MaxValue) != Format)
                throw root.Get("format").Error($"must be {Format}, the layout this version reads");
            texts.AddRange(root.Get("texts").Items(MostTexts).Select(ReadText));
        });
        return texts;
    }

    private static GoldenText ReadText(JsonCursor item)
    {
        item.Allow("text", "document", "side", "task", "ids", "dense", "score");
        return new GoldenText(
            item.Get("text").Bounded(TextBytes),
            item.Find("document")?.Bounded(TextBytes),
            item.Get("side").Choice(DescriptorNames.Sides),
            item.Find("task")?.Bounded(DescriptorLimits.TaskBytes) ?? "",
            [.. item.Get("ids").Items(MostIds).Select(id => id.Within(0, int.MaxValue))],
            item.Find("dense") is { } dense ? [.. dense.Items(DescriptorLimits.Dimension).Select(x => (float)x.Real())] : null,
            item.Find("score")?.Real());
    }

    private static void Write(Stream stream, IReadOnlyList<GoldenText> texts)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteStartArray("texts");
        foreach (var text in texts)
            WriteText(json, text);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, GoldenText text)
    {
        json.WriteStartObject();
        json.WriteString("text", text.Text);
        if (text.Document != null)
            json.WriteString("document", text.Document);
        json.WriteString("side", DescriptorNames.Of(DescriptorNames.Sides, text.Side));
        json.WriteString("task", text.Task);
        json.WriteStartArray("ids");
        foreach (var id in text.Ids)
            json.WriteNumberValue(id);
        json.WriteEndArray();
        if (text.Dense != null)
        {
            json.WriteStartArray("dense");
            foreach (var x in text.Dense)
                json.WriteNumberValue(x);
            json.WriteEndArray();
        }
        if (text.Score is { } score)
            json.WriteNumber("score", score);
        json.WriteEndObject();
    }
}
