using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>Real files until a chosen operation; that one and all later ones fail, as after the death of the process.</summary>
internal sealed class StoppingFileLayer(int stopAt) : IFileLayer
{
    private readonly DiskFileLayer _disk = DiskFileLayer.Instance;

    /// <summary>Operations that change something, the failed ones included.</summary>
    public int Steps { get; private set; }

    public bool HasStopped => Steps >= stopAt;

    public IWritableFile Create(string path)
    {
        Step("create " + path);
        return new StoppingFile(this, _disk.Create(path));
    }

    public IWritableFile OpenAppend(string path)
    {
        Step("open " + path);
        return new StoppingFile(this, _disk.OpenAppend(path));
    }

    public IReadableFile OpenRead(string path) => _disk.OpenRead(path);

    public byte[] ReadAll(string path, int maxBytes) => _disk.ReadAll(path, maxBytes);

    public void Rename(string from, string to)
    {
        Step("rename to " + to);
        _disk.Rename(from, to);
    }

    public void Delete(string path)
    {
        Step("delete " + path);
        _disk.Delete(path);
    }

    public void DeleteDirectory(string path)
    {
        Step("delete " + path);
        _disk.DeleteDirectory(path);
    }

    public void CreateDirectory(string path)
    {
        Step("create " + path);
        _disk.CreateDirectory(path);
    }

    public void SyncDirectory(string path)
    {
        Step("sync " + path);
        _disk.SyncDirectory(path);
    }

    public IReadOnlyList<string> List(string directory) => _disk.List(directory);

    public bool Exists(string path) => _disk.Exists(path);

    public bool IsDirectory(string path) => _disk.IsDirectory(path);

    public long Length(string path) => _disk.Length(path);

    public long FreeBytes(string path) => _disk.FreeBytes(path);

    public void Link(string from, string to)
    {
        Step("link " + to);
        _disk.Link(from, to);
    }

    private void Step(string what)
    {
        if (++Steps >= stopAt)
        {
            throw new IOException($"stopped at step {Steps}: {what}");
        }
    }

    private sealed class StoppingFile(StoppingFileLayer layer, IWritableFile file) : IWritableFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public void Write(ReadOnlySpan<byte> data)
        {
            layer.Step("write " + Path);
            file.Write(data);
        }

        public void WriteAt(long offset, ReadOnlySpan<byte> data)
        {
            layer.Step("write " + Path);
            file.WriteAt(offset, data);
        }

        public void Sync()
        {
            layer.Step("sync " + Path);
            file.Sync();
        }

        public void Truncate(long length)
        {
            layer.Step("truncate " + Path);
            file.Truncate(length);
        }

        public void Dispose() => file.Dispose();
    }
}
