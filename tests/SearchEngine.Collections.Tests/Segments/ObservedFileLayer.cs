using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>Real files; the observer hears of each operation that changes something before it is done, and may throw.</summary>
internal sealed class ObservedFileLayer(Action<string> before) : IFileLayer
{
    private readonly DiskFileLayer _disk = DiskFileLayer.Instance;

    public IWritableFile Create(string path)
    {
        before("create " + path);
        return new ObservedFile(before, _disk.Create(path));
    }

    public IWritableFile OpenAppend(string path)
    {
        before("open " + path);
        return new ObservedFile(before, _disk.OpenAppend(path));
    }

    public IReadableFile OpenRead(string path) => _disk.OpenRead(path);

    public byte[] ReadAll(string path, int maxBytes) => _disk.ReadAll(path, maxBytes);

    public void Rename(string from, string to)
    {
        before("rename to " + to);
        _disk.Rename(from, to);
    }

    public void Delete(string path)
    {
        before("delete " + path);
        _disk.Delete(path);
    }

    public void DeleteDirectory(string path)
    {
        before("delete " + path);
        _disk.DeleteDirectory(path);
    }

    public void CreateDirectory(string path)
    {
        before("create " + path);
        _disk.CreateDirectory(path);
    }

    public void SyncDirectory(string path)
    {
        before("sync " + path);
        _disk.SyncDirectory(path);
    }

    public IReadOnlyList<string> List(string directory) => _disk.List(directory);

    public bool Exists(string path) => _disk.Exists(path);

    public bool IsDirectory(string path) => _disk.IsDirectory(path);

    public long Length(string path) => _disk.Length(path);

    public long FreeBytes(string path) => _disk.FreeBytes(path);

    public void Link(string from, string to)
    {
        before("link " + to);
        _disk.Link(from, to);
    }

    private sealed class ObservedFile(Action<string> before, IWritableFile file) : IWritableFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public void Write(ReadOnlySpan<byte> data)
        {
            before("write " + Path);
            file.Write(data);
        }

        public void WriteAt(long offset, ReadOnlySpan<byte> data)
        {
            before("write " + Path);
            file.WriteAt(offset, data);
        }

        public void Sync()
        {
            before("sync " + Path);
            file.Sync();
        }

        public void Truncate(long length)
        {
            before("truncate " + Path);
            file.Truncate(length);
        }

        public void Dispose() => file.Dispose();
    }
}
