using System.Text;
using System.Text.Json;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Models.Tokenizers.Reading;

namespace SearchEngine.Models.Folder;

/// <summary>Reading values of a folder's JSON files with bounds, so that every complaint names file and place.</summary>
internal static class FolderJson
{
    /// <summary>Reads a file if it is there; a fault of any value becomes one of the file.</summary>
    public static bool TryRead(FolderFiles files, string name, Action<JsonCursor> read)
    {
        using var document = files.ReadJson(name);
        if (document == null)
            return false;
        try
        {
            read(new JsonCursor(document.RootElement, "$"));
            return true;
        }
        catch (TokenizerException fault)
        {
            // The cursor is the tokenizer's; its message begins with the path already.
            throw new ModelFolderException(name, fault.JsonPath, fault.Message[(fault.JsonPath.Length + 2)..], fault);
        }
        catch (InvalidOperationException fault)
        {
            // Texts are checked by the cursor; this is a property whose name is not UTF-8.
            throw new ModelFolderException(name, "$", $"A name in the file is not Unicode: {fault.Message}", fault);
        }
    }

    /// <summary>Refuses properties that are not understood: a descriptor that nearly fits is silently wrong.</summary>
    public static void Allow(this JsonCursor cursor, params ReadOnlySpan<string> names)
    {
        if (cursor.Value.ValueKind != JsonValueKind.Object)
            throw cursor.Error("is no object");
        foreach (var property in cursor.Value.EnumerateObject())
        {
            if (!names.Contains(property.Name))
                throw cursor.Error($"has the unknown property \"{property.Name}\"; known are {string.Join(", ", names.ToArray())}");
        }
    }

    public static string Bounded(this JsonCursor cursor, int maxBytes)
    {
        var text = cursor.Text();
        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= maxBytes ? text : throw cursor.Error($"has {bytes} bytes, {maxBytes} are allowed");
    }

    /// <summary>An integer from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static int Within(this JsonCursor cursor, int least, int most)
    {
        if (cursor.Value.ValueKind == JsonValueKind.Number && cursor.Value.TryGetInt32(out var number)
            && number >= least && number <= most)
        {
            return number;
        }
        throw cursor.Error($"is not an integer from {least} to {most}");
    }

    public static string Template(this JsonCursor cursor)
    {
        var template = cursor.Bounded(DescriptorLimits.TemplateBytes);
        var first = template.IndexOf(EncoderDescriptor.TextMark, StringComparison.Ordinal);
        return first >= 0 && first == template.LastIndexOf(EncoderDescriptor.TextMark, StringComparison.Ordinal)
            ? template
            : throw cursor.Error($"must have {EncoderDescriptor.TextMark} once, where the text stands");
    }

    /// <summary>One of the names of an enumeration.</summary>
    public static T Choice<T>(this JsonCursor cursor, IReadOnlyList<(string Name, T Value)> choices)
    {
        var name = cursor.Bounded(DescriptorLimits.NameBytes);
        foreach (var choice in choices)
        {
            if (string.Equals(choice.Name, name, StringComparison.Ordinal))
                return choice.Value;
        }
        throw cursor.Error($"is \"{name}\", use one of {string.Join(", ", choices.Select(choice => choice.Name))}");
    }
}
