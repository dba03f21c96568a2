using System.Text.Json;

namespace SearchEngine.Server.Configuration;

/// <summary>Lines of a JSON text, for errors that are found after it was parsed.</summary>
internal static class JsonLines
{
    /// <summary>Line, from 1, where an item of a top-level array begins; 0 when there is none.</summary>
    public static int OfItem(ReadOnlySpan<byte> json, string array, int item)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        bool isIn = false;
        int seen = -1;
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
            {
                isIn = reader.ValueTextEquals(array);
            }
            bool begins = reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.PropertyName);
            if (isIn && reader.CurrentDepth == 2 && begins && ++seen == item)
            {
                return 1 + json[..(int)reader.TokenStartIndex].Count((byte)'\n');
            }
        }
        return 0;
    }
}
