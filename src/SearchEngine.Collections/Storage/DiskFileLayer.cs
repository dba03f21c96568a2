using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Storage;

/// <summary>Real files.</summary>
internal sealed class DiskFileLayer : IFileLayer
{
    private const int CopyBytes = 1 << 20;

    public static DiskFileLayer Instance { get; } = new();

    public IWritableFile Create(string path) => DiskWritableFile.Open(path, FileMode.Create);

    public IWritableFile OpenAppend(string path) => DiskWritableFile.Open(path, FileMode.Open);

    public IReadableFile OpenRead(string path) => new DiskReadableFile(path);

    public byte[] ReadAll(string path, int maxBytes)
    {
        using IReadableFile file = OpenRead(path);
        long length = file.Length;
        if (length > maxBytes)
        {
            throw StorageErrors.Damaged(path, $"it has {length} bytes, at most {maxBytes} are possible");
        }

        var data = new byte[length];
        int read = file.Read(0, data);
        return read == data.Length
            ? data
            : throw StorageErrors.Damaged(path, $"it ended at {read} of {data.Length} bytes while it was read");
    }

    public void Rename(string from, string to) => Checked(to, () =>
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite: true);
        }
    });

    public void Delete(string path) => File.Delete(path);

    public void DeleteDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    public void CreateDirectory(string path) => Checked(path, () => Directory.CreateDirectory(path));

    public void SyncDirectory(string path) => DirectorySync.Sync(path);

    public IReadOnlyList<string> List(string directory)
    {
        string[] names = [.. new DirectoryInfo(directory).EnumerateFileSystemInfos().Select(static entry => entry.Name)];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public bool Exists(string path) => Path.Exists(path);

    public bool IsDirectory(string path) => Directory.Exists(path);

    public long Length(string path) => new FileInfo(path).Length;

    public long FreeBytes(string path) => new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace;

    public void Link(string from, string to)
    {
        int error = LibC.Link(from, to);
        if (error is LibC.CrossDevice or LibC.NotPermitted or LibC.NotSupported or LibC.TooManyLinks)
        {
            Copy(from, to);
        }
        else if (error is LibC.NoSpace or LibC.QuotaExceeded)
        {
            throw StorageErrors.DiskFull(to);
        }
        else if (error != 0)
        {
            throw StorageErrors.Failed("Linking", to, error);
        }
    }

    private void Copy(string from, string to)
    {
        using IReadableFile source = OpenRead(from);
        using IWritableFile target = DiskWritableFile.Open(to, FileMode.CreateNew);
        var buffer = new byte[CopyBytes];
        for (int read; (read = source.Read(target.Length, buffer)) > 0;)
        {
            target.Write(buffer.AsSpan(0, read));
        }

        target.Sync();
    }

    private static void Checked(string path, Action call)
    {
        try
        {
            call();
        }
        catch (IOException error) when (StorageErrors.IsDiskFull(error))
        {
            throw StorageErrors.DiskFull(path, error);
        }
    }
}
