using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>A store that shares the files of another one, for as long as it lasts: what is done to it does not change the other.</summary>
internal sealed class StoreClone : IDisposable
{
    private readonly ScratchDirectory _place;

    public StoreClone(string of, string path)
    {
        _place = new ScratchDirectory(path);
        Path = path;
        Clone(of, path);
    }

    public string Path { get; }

    public void Dispose() => _place.Dispose();

    // The log is the only thing that is written in place.
    private static void Clone(string from, string to)
    {
        Directory.CreateDirectory(to);
        Action<string, string> place = System.IO.Path.GetFileName(from) == StoreLayout.Log ? File.Copy : DiskFileLayer.Instance.Link;
        foreach (string file in Directory.EnumerateFiles(from))
        {
            place(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }
        foreach (string directory in Directory.EnumerateDirectories(from))
        {
            Clone(directory, System.IO.Path.Combine(to, System.IO.Path.GetFileName(directory)));
        }
    }
}
