using System.Globalization;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>SentencePiece's tokens for single bytes, written &lt;0x0A&gt;.</summary>
internal static class ByteTokens
{
    private const int ByteCount = 256;

    /// <summary>The id for each byte, -1 where the vocabulary lacks it.</summary>
    public static int[] Find(Vocabulary vocabulary)
    {
        var ids = new int[ByteCount];
        for (var value = 0; value < ByteCount; value++)
        {
            ids[value] = vocabulary.Find(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"));
        }
        return ids;
    }
}
