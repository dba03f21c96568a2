namespace SearchEngine.Vectors.Files;

/// <summary>
/// Publishes a directory of files so that a crash at any step leaves either nothing under its name or all of it: filled
/// aside, files and directory synced, renamed, parent synced. What a crash left aside is removed by the next attempt.
/// </summary>
internal static class AtomicDirectory
{
    public const string AsideSuffix = ".tmp";

    /// <param name="target">Must not exist: published directories are never changed.</param>
    /// <param name="fill">Writes and syncs the files into the directory it is given.</param>
    /// <param name="reached">Told the name of each step after it was done; tests stop there as a crash would.</param>
    public static void Publish(string target, Action<string> fill, Action<string>? reached = null)
    {
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (Path.Exists(target))
        {
            throw new IOException($"{target} exists; a published segment is never changed. Choose another name or remove it.");
        }

        string parent = Path.GetDirectoryName(target) ?? throw new ArgumentException("The root cannot be published.", nameof(target));
        Directory.CreateDirectory(parent);
        string aside = target + AsideSuffix;
        if (Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }

        Directory.CreateDirectory(aside);
        reached?.Invoke("created aside");
        fill(aside);
        LibC.SyncDirectory(aside);
        reached?.Invoke("synced aside");
        Directory.Move(aside, target);
        reached?.Invoke("renamed");
        LibC.SyncDirectory(parent);
        reached?.Invoke("synced parent");
    }
}
