using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Snapshots;

/// <summary>Copies files so that the copies survive a loss of power.</summary>
internal sealed class FileCopy(IFileLayer files)
{
    private readonly byte[] _buffer = new byte[4 << 20];

    public void Run(string from, string to)
    {
        using IReadableFile source = files.OpenRead(from);
        using IWritableFile target = files.Create(to);
        for (int read; (read = source.Read(target.Length, _buffer)) > 0;)
        {
            target.Write(_buffer.AsSpan(0, read));
        }
        target.Sync();
    }
}
