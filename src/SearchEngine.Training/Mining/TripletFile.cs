using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SearchEngine.Training.Corpus;

namespace SearchEngine.Training.Mining;

/// <summary>Triplets as JSON lines: query, positive, negatives, and the ids beside the texts.</summary>
public static class TripletFile
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file whole or not at all.</summary>
    public static void Write(string path, IEnumerable<Triplet> triplets)
    {
        var draft = path + ".new";
        using (var file = File.Create(draft))
        {
            foreach (var triplet in triplets)
            {
                using (var json = new Utf8JsonWriter(file, Plain))
                    Write(json, triplet);
                file.WriteByte((byte)'\n');
            }
        }
        File.Move(draft, path, overwrite: true);
    }

    private static void Write(Utf8JsonWriter json, Triplet triplet)
    {
        json.WriteStartObject();
        json.WriteString("query", triplet.Query);
        json.WriteString("positive", Valid(triplet.Positive));
        json.WriteString("positive_id", triplet.Positive.Id);
        json.WriteStartArray("negatives");
        foreach (var negative in triplet.Negatives)
            json.WriteStringValue(Valid(negative));
        json.WriteEndArray();
        json.WriteStartArray("negative_ids");
        foreach (var negative in triplet.Negatives)
            json.WriteStringValue(negative.Id);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The text with lone surrogates replaced, which JSON cannot hold.</summary>
    private static string Valid(Passage passage) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(passage.Whole));
}
