using System.Text.Encodings.Web;
using System.Text.Json;

namespace SearchEngine.Models.Folder;

/// <summary>Writes encoder.json, also for people to read.</summary>
internal static class EncoderFileWriter
{
    public static void Write(Stream stream, EncoderDescriptor descriptor)
    {
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var json = new Utf8JsonWriter(stream, options);
        Write(json, descriptor);
    }

    public static void Write(Utf8JsonWriter json, EncoderDescriptor descriptor)
    {
        json.WriteStartObject();
        json.WriteNumber("format", EncoderFile.Format);
        json.WriteString("name", descriptor.Name);
        json.WriteStartObject("files");
        json.WriteString("model", descriptor.ModelFile);
        json.WriteString("tokenizer", descriptor.TokenizerFile);
        json.WriteEndObject();
        if (descriptor.ReferenceWeights != null)
            json.WriteString("reference_weights", descriptor.ReferenceWeights);
        json.WriteNumber("max_tokens", descriptor.MaxTokens);
        json.WriteStartObject("padding");
        json.WriteNumber("id", descriptor.Padding.Id);
        json.WriteString("side", DescriptorNames.Of(DescriptorNames.PaddingSides, descriptor.Padding.Side));
        json.WriteEndObject();
        json.WriteStartObject("templates");
        json.WriteString("query", descriptor.QueryTemplate);
        json.WriteString("document", descriptor.DocumentTemplate);
        json.WriteEndObject();
        WriteTasks(json, descriptor.Tasks);
        json.WriteString("pooling", DescriptorNames.Of(DescriptorNames.Poolings, descriptor.Pooling));
        json.WriteString("normalization", DescriptorNames.Of(DescriptorNames.Normalizations, descriptor.Normalization));
        json.WriteStartObject("outputs");
        WriteHeads(json, descriptor);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTasks(Utf8JsonWriter json, IReadOnlyList<TaskTemplate> tasks)
    {
        json.WriteStartArray("tasks");
        foreach (var task in tasks)
        {
            json.WriteStartObject();
            json.WriteString("task", task.Task);
            json.WriteString("side", DescriptorNames.Of(DescriptorNames.Sides, task.Side));
            json.WriteString("template", task.Template);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteHeads(Utf8JsonWriter json, EncoderDescriptor descriptor)
    {
        if (descriptor.Dense is { } dense)
        {
            StartHead(json, "dense", dense.Output);
            json.WriteNumber("dimension", dense.Dimension);
            json.WriteStartArray("allowed_dimensions");
            foreach (var dimension in dense.AllowedDimensions)
                json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (descriptor.Sparse is { } sparse)
        {
            StartHead(json, "sparse", sparse.Output);
            json.WriteString("form", DescriptorNames.Of(DescriptorNames.SparseForms, sparse.Form));
            json.WriteEndObject();
        }
        if (descriptor.Multi is { } multi)
        {
            StartHead(json, "multi", multi.Output);
            json.WriteNumber("dimension", multi.Dimension);
            json.WriteEndObject();
        }
        if (descriptor.Score is { } score)
        {
            StartHead(json, "score", score.Output);
            json.WriteEndObject();
        }
        if (descriptor.Classes is { } classes)
        {
            StartHead(json, "classes", classes.Output);
            json.WriteStartArray("labels");
            foreach (var label in classes.Labels)
                json.WriteStringValue(label);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void StartHead(Utf8JsonWriter json, string name, string output)
    {
        json.WriteStartObject(name);
        json.WriteString("output", output);
    }
}
