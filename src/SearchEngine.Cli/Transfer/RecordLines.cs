using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SearchEngine.Cli.Transfer;

/// <summary>Points as the lines that <see cref="JsonRecords"/> reads.</summary>
internal static class RecordLines
{
    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Wire.Point point, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, Form))
        {
            json.WriteStartObject();
            if (point.Id.KindCase == Wire.Id.KindOneofCase.Text)
                json.WriteString("id", point.Id.Text);
            else
                json.WriteNumber("id", point.Id.Number);
            Texts(point, json);
            Attributes(point, json);
            Vectors(point, json);
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    private static void Texts(Wire.Point point, Utf8JsonWriter json)
    {
        if (point.Texts.Count == 0) return;
        json.WriteStartObject("texts");
        foreach ((string name, string text) in point.Texts)
        {
            json.WriteString(name, text);
        }
        json.WriteEndObject();
    }

    private static void Attributes(Wire.Point point, Utf8JsonWriter json)
    {
        if (point.Attributes.Count == 0) return;
        json.WriteStartObject("attributes");
        foreach ((string name, Wire.Value value) in point.Attributes)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, AttributeValues.Write(value));
        }
        json.WriteEndObject();
    }

    private static void Vectors(Wire.Point point, Utf8JsonWriter json)
    {
        if (point.Vector is not null) Vector("vector", point.Vector, json);
        if (point.Vectors.Count == 0) return;
        json.WriteStartObject("vectors");
        foreach ((string name, Wire.AnyVector vector) in point.Vectors.Where(pair => pair.Value.Dense is not null))
        {
            Vector(name, vector.Dense, json);
        }
        json.WriteEndObject();
    }

    private static void Vector(string name, Wire.Vector vector, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        // Asked for as FLOAT32, which is the default.
        foreach (float number in MemoryMarshal.Cast<byte, float>(vector.Data.Span))
        {
            json.WriteNumberValue(number);
        }
        json.WriteEndArray();
    }
}
