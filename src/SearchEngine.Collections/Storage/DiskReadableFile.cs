using Microsoft.Win32.SafeHandles;

namespace SearchEngine.Collections.Storage;

internal sealed class DiskReadableFile(string path) : IReadableFile
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public string Path => path;

    public long Length => RandomAccess.GetLength(_file);

    public int Read(long offset, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(_file, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Dispose() => _file.Dispose();
}
