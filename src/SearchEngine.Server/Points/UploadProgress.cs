using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace SearchEngine.Server.Points;

/// <summary>
/// How far an upload has come, in a file of one small record, so that it survives a kill. Two numbers: what is acknowledged, and up to
/// where points may have been written without having been. The second is on the disk before any such point is; the first may be
/// behind, which only means that more is in doubt.
/// </summary>
internal sealed class UploadProgress : IDisposable
{
    private const ulong Magic = 0x3152475055455331;
    private const int HeaderAt = 8;
    private const int HeaderBytes = 32;
    private const int AcknowledgedAt = 40;
    private const int ReservedAt = 48;
    private const int ChecksumAt = 56;
    private const int Bytes = 64;

    /// <summary>Sequence numbers reserved at once: each reservation waits for the disk.</summary>
    private const ulong Stride = 16_384;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly byte[] _record = new byte[Bytes];

    private UploadProgress(SafeFileHandle file) => _file = file;

    /// <summary>All up to it is done.</summary>
    public ulong Acknowledged => BinaryPrimitives.ReadUInt64LittleEndian(_record.AsSpan(AcknowledgedAt));

    /// <summary>What lies between the two may have been written.</summary>
    public ulong Reserved => BinaryPrimitives.ReadUInt64LittleEndian(_record.AsSpan(ReservedAt));

    public ReadOnlySpan<byte> Header => _record.AsSpan(HeaderAt, HeaderBytes);

    /// <summary>Opens or begins one.</summary>
    /// <param name="header">Hash of what the upload is about, for one that begins.</param>
    public static UploadProgress Open(string path, ReadOnlySpan<byte> header)
    {
        bool exists = File.Exists(path);
        var progress = new UploadProgress(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        if (exists && progress.TryLoad())
        {
            return progress;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(progress._record, Magic);
        header.CopyTo(progress._record.AsSpan(HeaderAt));
        // A record that cannot be read says nothing about what was written: all of it is in doubt.
        progress.Set(0, exists ? ulong.MaxValue : 0);
        progress.Write();
        return progress;
    }

    /// <summary>Called before points up to this one are written.</summary>
    public void Reserve(ulong through)
    {
        lock (_gate)
        {
            if (through > Reserved)
            {
                Set(Acknowledged, through + Stride);
                Write();
                RandomAccess.FlushToDisk(_file);
            }
        }
    }

    public void Acknowledge(ulong through)
    {
        lock (_gate)
        {
            Set(through, Math.Max(through, Reserved));
            Write();
        }
    }

    public void Dispose() => _file.Dispose();

    private bool TryLoad() => RandomAccess.Read(_file, _record, 0) == Bytes
        && BinaryPrimitives.ReadUInt64LittleEndian(_record) == Magic
        && BinaryPrimitives.ReadUInt64LittleEndian(_record.AsSpan(ChecksumAt)) == Checksum();

    private void Set(ulong acknowledged, ulong reserved)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_record.AsSpan(AcknowledgedAt), acknowledged);
        BinaryPrimitives.WriteUInt64LittleEndian(_record.AsSpan(ReservedAt), reserved);
        BinaryPrimitives.WriteUInt64LittleEndian(_record.AsSpan(ChecksumAt), Checksum());
    }

    private void Write() => RandomAccess.Write(_file, _record, 0);

    private ulong Checksum()
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in _record.AsSpan(0, ChecksumAt))
        {
            hash = (hash ^ b) * 0x100000001B3;
        }
        return hash;
    }
}
