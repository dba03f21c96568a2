namespace SearchEngine.Collections.Tests.Faults;

/// <summary>The content of a file as far as it is durable, and what was done to it since it was synced.</summary>
internal sealed class FileInode : Inode
{
    /// <summary>What a device writes whole or not at all.</summary>
    private const int SectorBytes = 512;

    private readonly List<(long Offset, byte[] Data)> _pending = [];
    private byte[] _durable = [];

    public FileInode(byte[] durable) => _durable = durable;

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            _pending.Add((offset, data.ToArray()));
        }
    }

    /// <summary>A write without data at the new end.</summary>
    public void Truncate(long length) => _pending.Add((length, []));

    public void Sync() => Settle(static () => true);

    /// <summary>Makes the pieces durable that are drawn, in their order, and forgets the others.</summary>
    /// <param name="draw">Asked for each sector of each write, and for each truncation.</param>
    public byte[] Settle(Func<bool> draw)
    {
        foreach ((long offset, byte[] data) in _pending)
        {
            if (data.Length == 0)
            {
                if (draw())
                {
                    Resize(offset);
                }

                continue;
            }

            for (long at = offset; at < offset + data.Length;)
            {
                long to = Math.Min(offset + data.Length, (at / SectorBytes * SectorBytes) + SectorBytes);
                if (draw())
                {
                    Resize(Math.Max(_durable.Length, to));
                    data.AsSpan((int)(at - offset), (int)(to - at)).CopyTo(_durable.AsSpan((int)at));
                }

                at = to;
            }
        }

        _pending.Clear();
        return _durable;
    }

    private void Resize(long length) => Array.Resize(ref _durable, (int)length);
}
