namespace SearchEngine.Benchmarks.Collections;

/// <summary>An empty directory that is gone when disposed.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private readonly string _path;

    public ScratchDirectory(string path)
    {
        _path = path;
        Dispose();
        Directory.CreateDirectory(path);
    }

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}
