using System.Text.Json;
using SearchEngine.Models.Tokenizers.Reading;

namespace SearchEngine.Models.Folder;

/// <summary>encoder.json: the descriptor as a file. Reading is strict, writing gives what reading takes.</summary>
public static class EncoderFile
{
    public const string FileName = "encoder.json";

    /// <summary>Number of the present layout.</summary>
    internal const int Format = 1;

    /// <summary>The descriptor of a folder; null where it has no encoder.json.</summary>
    /// <exception cref="ModelFolderException">The file is malformed; the exception names the place.</exception>
    public static EncoderDescriptor? Read(string folder) => Read(new FolderFiles(folder));

    /// <summary>Writes the descriptor into a folder, whole or not at all.</summary>
    /// <exception cref="ModelFolderException">The descriptor is one that reading would refuse.</exception>
    public static void Write(string folder, EncoderDescriptor descriptor)
    {
        var path = Path.Combine(folder, FileName);
        var draft = path + ".new";
        using (var stream = File.Create(draft))
            EncoderFileWriter.Write(stream, descriptor);
        try
        {
            Read(new FolderFiles(folder), FileName + ".new");
        }
        catch (ModelFolderException)
        {
            File.Delete(draft);
            throw;
        }
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>The descriptor as a JSON value, in the form of the file.</summary>
    public static void Write(Utf8JsonWriter json, EncoderDescriptor descriptor) => EncoderFileWriter.Write(json, descriptor);

    internal static EncoderDescriptor? Read(FolderFiles files, string name = FileName)
    {
        EncoderDescriptor? descriptor = null;
        FolderJson.TryRead(files, name, root => descriptor = Descriptor(root));
        return descriptor;
    }

    private static EncoderDescriptor Descriptor(JsonCursor root)
    {
        root.Allow(
            "format", "name", "files", "reference_weights", "max_tokens", "padding", "templates", "tasks", "pooling",
            "normalization", "outputs");
        if (root.Get("format").Within(0, int.MaxValue) != Format)
            throw root.Get("format").Error($"must be {Format}, the layout this version reads");
        var files = root.Find("files");
        files?.Allow("model", "tokenizer");
        var templates = root.Find("templates");
        templates?.Allow("query", "document");
        var heads = new HeadReader(root.Get("outputs"));
        var plain = new EncoderDescriptor { MaxTokens = 1 };
        return heads.Read() with
        {
            Name = root.Find("name")?.Bounded(DescriptorLimits.NameBytes) ?? "",
            ModelFile = files?.Find("model")?.Bounded(DescriptorLimits.TemplateBytes) ?? plain.ModelFile,
            TokenizerFile = files?.Find("tokenizer")?.Bounded(DescriptorLimits.TemplateBytes) ?? plain.TokenizerFile,
            ReferenceWeights = root.Find("reference_weights") is { } weights ? Hash(weights) : null,
            MaxTokens = root.Get("max_tokens").Within(1, DescriptorLimits.MaxTokens),
            Padding = root.Find("padding") is { } padding ? Padding(padding) : EncoderPadding.Default,
            QueryTemplate = templates?.Find("query")?.Template() ?? EncoderDescriptor.TextMark,
            DocumentTemplate = templates?.Find("document")?.Template() ?? EncoderDescriptor.TextMark,
            Tasks = root.Find("tasks") is { } tasks ? Tasks(tasks) : [],
            Pooling = root.Find("pooling")?.Choice(DescriptorNames.Poolings) ?? plain.Pooling,
            Normalization = root.Find("normalization")?.Choice(DescriptorNames.Normalizations) ?? plain.Normalization,
        };
    }

    private static EncoderPadding Padding(JsonCursor padding)
    {
        padding.Allow("id", "side");
        return new EncoderPadding(
            padding.Get("id").Within(0, DescriptorLimits.PaddingId),
            padding.Find("side")?.Choice(DescriptorNames.PaddingSides) ?? PaddingSide.Right);
    }

    private static List<TaskTemplate> Tasks(JsonCursor tasks)
    {
        var read = new List<TaskTemplate>();
        foreach (var item in tasks.Items(DescriptorLimits.Tasks))
        {
            item.Allow("task", "side", "template");
            var name = item.Get("task").Bounded(DescriptorLimits.TaskBytes);
            var side = item.Get("side").Choice(DescriptorNames.Sides);
            if (name.Length == 0)
                throw item.Get("task").Error("is empty");
            if (read.Exists(other => other.Side == side && string.Equals(other.Task, name, StringComparison.Ordinal)))
                throw item.Error("has a task and side that came before");
            read.Add(new TaskTemplate(name, side, item.Get("template").Template()));
        }
        return read;
    }

    private static string Hash(JsonCursor cursor)
    {
        var text = cursor.Text();
        return text.Length == DescriptorLimits.HashDigits && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw cursor.Error($"is not a SHA-256 in {DescriptorLimits.HashDigits} lower-case hexadecimal digits");
    }
}
