using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Tests.Faults;

/// <summary>Real files, of which the device once cannot read what is asked for.</summary>
/// <param name="failAt">The number of the read that fails; the first is 1, none is 0.</param>
internal sealed class UnreadableFileLayer(int failAt) : IFileLayer
{
    private readonly IFileLayer _files = DiskFileLayer.Instance;
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>What the read that failed wanted.</summary>
    public string Failed { get; private set; } = "nothing";

    public IWritableFile Create(string path) => _files.Create(path);

    public IWritableFile OpenAppend(string path) => _files.OpenAppend(path);

    public IReadableFile OpenRead(string path) => new ReadFile(this, _files.OpenRead(path));

    public byte[] ReadAll(string path, int maxBytes)
    {
        Read(path);
        return _files.ReadAll(path, maxBytes);
    }

    public void Rename(string from, string to) => _files.Rename(from, to);

    public void Delete(string path) => _files.Delete(path);

    public void DeleteDirectory(string path) => _files.DeleteDirectory(path);

    public void CreateDirectory(string path) => _files.CreateDirectory(path);

    public void SyncDirectory(string path) => _files.SyncDirectory(path);

    public IReadOnlyList<string> List(string directory)
    {
        Read(directory);
        return _files.List(directory);
    }

    public bool Exists(string path) => _files.Exists(path);

    public bool IsDirectory(string path) => _files.IsDirectory(path);

    public long Length(string path) => _files.Length(path);

    public long FreeBytes(string path) => _files.FreeBytes(path);

    public void Link(string from, string to) => _files.Link(from, to);

    private void Read(string path)
    {
        if (Interlocked.Increment(ref _reads) == failAt)
        {
            Failed = path;
            throw new IOException($"Input/output error : '{path}'");
        }
    }

    private sealed class ReadFile(UnreadableFileLayer layer, IReadableFile file) : IReadableFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            layer.Read(Path);
            return file.Read(offset, buffer);
        }

        public void Dispose() => file.Dispose();
    }
}
