using System.Buffers.Text;
using System.Text;

namespace SearchEngine.Server.Collections;

/// <summary>Pages of sorted lists. A token is the key of the last entry that was sent: entries may come and go meanwhile.</summary>
internal static class Pages
{
    private const int MostEntries = 1_000;
    private const int MaxTokenBytes = 512;

    /// <summary>How many entries a page has.</summary>
    public static int Size(uint asked)
    {
        if (asked > MostEntries)
        {
            throw Refusal.Limit("page_size", asked, MostEntries, "entries", "Read page after page.");
        }
        return asked == 0 ? MostEntries : (int)asked;
    }

    /// <summary>Empty for the first page.</summary>
    public static string KeyOf(string token)
    {
        TextLength.Check(token, MaxTokenBytes, "page_token");
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        }
        catch (FormatException)
        {
            throw Refusal.Invalid("page_token", "The page token is not one of this server.", "Send the token of an earlier reply as it came.", token);
        }
    }

    public static string TokenOf(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));
}
