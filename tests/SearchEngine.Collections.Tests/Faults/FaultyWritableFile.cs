using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Tests.Faults;

/// <summary>A file of a <see cref="FaultyFileLayer"/>.</summary>
internal sealed class FaultyWritableFile(FaultyFileLayer layer, IWritableFile real, FileInode inode, int life) : IWritableFile
{
    public string Path => real.Path;

    public long Length => real.Length;

    public void Write(ReadOnlySpan<byte> data) => WriteAt(Length, data);

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        layer.CheckAlive(life);
        Fault? fault;
        try
        {
            fault = layer.Step($"write {data.Length} bytes at {offset} of {layer.Short(Path)}", Path);
        }
        catch (CrashException)
        {
            layer.Interrupt(Path, inode, offset, data);
            throw;
        }

        if (fault is Fault.ShortWrite)
        {
            data = data[..(data.Length / 2)];
        }

        inode.Write(offset, data);
        real.WriteAt(offset, data);
        if (fault is not null)
        {
            throw StorageErrors.DiskFull(Path);
        }
    }

    public void Sync()
    {
        layer.CheckAlive(life);
        if (layer.Step($"sync {layer.Short(Path)}", Path) is not null)
        {
            inode.Settle(layer.Choice());
            throw FaultyFileLayer.Failure(Path);
        }

        inode.Sync();
    }

    public void Truncate(long length)
    {
        layer.CheckAlive(life);
        _ = layer.Step($"truncate {layer.Short(Path)} to {length}", Path);
        inode.Truncate(length);
        real.Truncate(length);
    }

    public void Dispose() => real.Dispose();
}
