using System.Security.Cryptography;

namespace SearchEngine.Rpc.Server;

/// <summary>
/// Tells one state of a small settings file from another by its content. 2026-11-26: its time and length do not tell: two certificates
/// written within one tick of the file system's clock are alike in both, and a renewal was never noticed.
/// </summary>
public static class FileStamp
{
    /// <summary>The digest of what the file holds; of a file that cannot be read, why not: a state like others.</summary>
    public static string Of(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Convert.ToHexString(SHA256.HashData(file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"unreadable: {unreadable.Message}";
        }
    }
}
