using System.Text;

namespace SearchEngine.Contract;

/// <summary>Texts of a request that are no longer than the contract allows.</summary>
public static class TextLength
{
    public static void Check(string text, int maxBytes, string path)
    {
        // Each UTF-16 unit is at most 3 bytes, so short texts need no count.
        if (3 * text.Length > maxBytes && Encoding.UTF8.GetByteCount(text) is var bytes && bytes > maxBytes)
        {
            throw Refusal.Limit(path, bytes, maxBytes, "bytes", "Shorten it.");
        }
    }
}
