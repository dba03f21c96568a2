using Microsoft.Win32.SafeHandles;

namespace SearchEngine.Collections.Storage;

internal sealed class DiskWritableFile : IWritableFile
{
    private readonly SafeFileHandle _file;

    private DiskWritableFile(SafeFileHandle file, string path)
    {
        _file = file;
        Path = path;
        Length = RandomAccess.GetLength(file);
    }

    public string Path { get; }

    public long Length { get; private set; }

    public static DiskWritableFile Open(string path, FileMode mode)
    {
        try
        {
            return new DiskWritableFile(File.OpenHandle(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), path);
        }
        catch (IOException error) when (StorageErrors.IsDiskFull(error))
        {
            throw StorageErrors.DiskFull(path, error);
        }
    }

    public void Write(ReadOnlySpan<byte> data) => WriteAt(Length, data);

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length);
        try
        {
            RandomAccess.Write(_file, data, offset);
            Length = Math.Max(Length, offset + data.Length);
        }
        catch (IOException error)
        {
            // A part may have been written.
            Length = RandomAccess.GetLength(_file);
            if (StorageErrors.IsDiskFull(error))
            {
                throw StorageErrors.DiskFull(Path, error);
            }

            throw;
        }
    }

    public void Sync()
    {
        int error = LibC.SyncData(_file);
        if (error is LibC.NoSpace or LibC.QuotaExceeded)
        {
            throw StorageErrors.DiskFull(Path);
        }

        if (error != 0)
        {
            throw StorageErrors.Failed("Syncing", Path, error);
        }
    }

    public void Truncate(long length)
    {
        RandomAccess.SetLength(_file, length);
        Length = length;
    }

    public void Dispose() => _file.Dispose();
}
