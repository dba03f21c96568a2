using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Tests.Faults;

/// <summary>A faulty layer, which takes one thread at a time, for a collection, which has several.</summary>
internal sealed class SerialFileLayer(FaultyFileLayer layer) : IFileLayer
{
    private readonly Lock _gate = new();

    public IWritableFile Create(string path) => Serial(() => new SerialFile(this, layer.Create(path)));

    public IWritableFile OpenAppend(string path) => Serial(() => new SerialFile(this, layer.OpenAppend(path)));

    public IReadableFile OpenRead(string path) => Serial(() => layer.OpenRead(path));

    public byte[] ReadAll(string path, int maxBytes) => Serial(() => layer.ReadAll(path, maxBytes));

    public void Rename(string from, string to) => Serial(() => layer.Rename(from, to));

    public void Delete(string path) => Serial(() => layer.Delete(path));

    public void DeleteDirectory(string path) => Serial(() => layer.DeleteDirectory(path));

    public void CreateDirectory(string path) => Serial(() => layer.CreateDirectory(path));

    public void SyncDirectory(string path) => Serial(() => layer.SyncDirectory(path));

    public IReadOnlyList<string> List(string directory) => Serial(() => layer.List(directory));

    public bool Exists(string path) => Serial(() => layer.Exists(path));

    public bool IsDirectory(string path) => layer.IsDirectory(path);

    public long Length(string path) => layer.Length(path);

    public long FreeBytes(string path) => layer.FreeBytes(path);

    public void Link(string from, string to) => Serial(() => layer.Link(from, to));

    private T Serial<T>(Func<T> call)
    {
        lock (_gate)
        {
            return call();
        }
    }

    private void Serial(Action call)
    {
        lock (_gate)
        {
            call();
        }
    }

    private sealed class SerialFile(SerialFileLayer layer, IWritableFile file) : IWritableFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public void Write(ReadOnlySpan<byte> data)
        {
            lock (layer._gate)
            {
                file.Write(data);
            }
        }

        public void WriteAt(long offset, ReadOnlySpan<byte> data)
        {
            lock (layer._gate)
            {
                file.WriteAt(offset, data);
            }
        }

        public void Sync() => layer.Serial(file.Sync);

        public void Truncate(long length) => layer.Serial(() => file.Truncate(length));

        public void Dispose() => file.Dispose();
    }
}
