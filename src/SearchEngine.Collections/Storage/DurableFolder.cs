using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Storage;

/// <summary>Folders whose names survive a loss of power, as what is synced within them does.</summary>
public static class DurableFolder
{
    /// <summary>Makes what is missing of a path.</summary>
    public static void Make(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }
        string? parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null)
        {
            Make(parent);
        }
        Directory.CreateDirectory(path);
        if (parent is not null)
        {
            DirectorySync.Sync(parent);
        }
    }

    /// <summary>Puts a file that was written aside, and synced, into its place.</summary>
    public static void Publish(string aside, string path)
    {
        File.Move(aside, path, overwrite: true);
        DirectorySync.Sync(FolderOf(path));
    }

    /// <summary>Deletes a file for good; nothing happens where there is none.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        DirectorySync.Sync(FolderOf(path));
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
