using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// Publishes a directory so that a crash or a failure at any step leaves nothing under its name, or all of it: filled
/// aside, synced, renamed. What a crash leaves aside is removed by the next attempt under the same name.
/// </summary>
internal static class PublishedDirectory
{
    public const string AsideSuffix = ".tmp";

    /// <param name="fill">Writes and syncs files in the directory it is given.</param>
    public static void Write(IFileLayer files, string directory, Action<string> fill)
    {
        if (files.Exists(directory))
        {
            throw new IOException($"{directory} exists; a published segment is never changed. Choose another name or remove it.");
        }
        string aside = directory + AsideSuffix;
        files.DeleteDirectory(aside);
        files.CreateDirectory(aside);
        try
        {
            fill(aside);
            files.SyncDirectory(aside);
            files.Rename(aside, directory);
        }
        catch
        {
            Remove(files, aside);
            throw;
        }
        files.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(directory))!);
    }

    private static void Remove(IFileLayer files, string aside)
    {
        try
        {
            files.DeleteDirectory(aside);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CollectionException)
        {
            // What stopped the writing is what the caller must hear; the next attempt removes what is left here.
        }
    }
}
