using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Snapshots;

/// <summary>The checksum of a whole file, read in blocks: each block's checksum is the seed of the next.</summary>
internal static class FileChecksum
{
    private const int BlockBytes = 4 << 20;

    public static ulong Of(IFileLayer files, string path, CancellationToken cancel)
    {
        using IReadableFile file = files.OpenRead(path);
        byte[] block = System.Buffers.ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            ulong checksum = 0;
            for (long offset = 0; ;)
            {
                cancel.ThrowIfCancellationRequested();
                int read = file.Read(offset, block.AsSpan(0, BlockBytes));
                if (read == 0)
                {
                    return checksum;
                }
                checksum = BlockChecksum.Of(block.AsSpan(0, read), checksum);
                offset += read;
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(block);
        }
    }
}
