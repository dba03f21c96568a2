namespace SearchEngine.Vectors.Files;

/// <summary>Makes the names in a directory durable.</summary>
public static class DirectorySync
{
    /// <summary>A creation, rename or removal that is not followed by this may be lost with the power.</summary>
    public static void Sync(string path) => LibC.SyncDirectory(path);
}
