using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Files;

/// <summary>
/// Writes, opens and scrubs one file of fixed-stride rows. Opening reads the header and the attachment, never the rows.
/// </summary>
internal static unsafe class RowFile
{
    /// <summary>One checksum per 2 MiB of rows; blocks are independent, so all threads that the caller has share the work.</summary>
    public static ulong[] BlockChecksums(RowMemory? rows)
    {
        long bytes = rows?.Bytes ?? 0;
        var checksums = new ulong[(bytes + RowFileHeader.BlockBytes - 1) / RowFileHeader.BlockBytes];
        Parallel.For(0, checksums.Length, CallersThreads.Options(Environment.ProcessorCount), block =>
        {
            long from = (long)block * RowFileHeader.BlockBytes;
            checksums[block] = BlockChecksum.Of(Bytes(rows!, from, (int)Math.Min(RowFileHeader.BlockBytes, bytes - from)));
        });
        return checksums;
    }

    /// <summary>Writes a new file and makes its content durable; its name becomes durable with the directory.</summary>
    public static void Write(string path, RowFileHeader header, ReadOnlySpan<byte> attachment, RowMemory? rows, ulong[] checksums)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Span<byte> page = stackalloc byte[RowFileHeader.Bytes];
        header.Write(page);
        RandomAccess.Write(file, page, 0);
        if (!attachment.IsEmpty)
        {
            RandomAccess.Write(file, attachment, RowFileHeader.Bytes);
        }

        // A write call moves at most 2^31 bytes; blocks of 2 MiB also keep the dirty pages flowing to the disk.
        for (long at = 0; at < header.DataBytes; at += RowFileHeader.BlockBytes)
        {
            int length = (int)Math.Min(RowFileHeader.BlockBytes, header.DataBytes - at);
            RandomAccess.Write(file, Bytes(rows!, at, length), RowFileHeader.DataOffset + at);
        }

        RandomAccess.Write(file, Trailer(checksums, header.Checksum), header.TrailerOffset);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Checks everything but the blocks and maps the rows. The attachment is returned checked.</summary>
    public static MappedRows Open(string path, FileKind kind, out byte[] attachment)
    {
        SafeFileHandle file = OpenChecked(path, kind, out RowFileHeader header);
        try
        {
            attachment = ReadAttachment(file, path, header);
            return MappedRows.Map(file, path, header);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads every byte of a file and reports what does not match its checksum.</summary>
    public static IReadOnlyList<ScrubFinding> Scrub(
        string path, FileKind kind, CancellationToken cancel, IScrubObserver? observer = null)
    {
        try
        {
            using SafeFileHandle file = OpenChecked(path, kind, out RowFileHeader header);
            _ = ReadAttachment(file, path, header);
            return ScrubBlocks(file, path, header, ReadTrailer(file, path, header), observer, cancel);
        }
        catch (VectorFileException damage)
        {
            return [new ScrubFinding(damage.Damage, path, damage.Message)];
        }
    }

    private static List<ScrubFinding> ScrubBlocks(
        SafeFileHandle file, string path, RowFileHeader header, ulong[] checksums, IScrubObserver? observer, CancellationToken cancel)
    {
        var findings = new List<ScrubFinding>();
        var buffer = new byte[RowFileHeader.BlockBytes];
        for (int block = 0; block < header.BlockCount; block++)
        {
            cancel.ThrowIfCancellationRequested();
            long at = (long)block * RowFileHeader.BlockBytes;
            Span<byte> data = buffer.AsSpan(0, (int)Math.Min(RowFileHeader.BlockBytes, header.DataBytes - at));
            Read(file, path, data, RowFileHeader.DataOffset + at);
            if (BlockChecksum.Of(data) != checksums[block])
            {
                long first = at / header.Stride, last = (at + data.Length - 1) / header.Stride;
                findings.Add(new ScrubFinding(
                    FileDamage.Block, path, $"block {block} (rows {first} to {last}) does not match its checksum"));
            }
            observer?.Checked(data.Length);
        }

        return findings;
    }

    private static SafeFileHandle OpenChecked(string path, FileKind kind, out RowFileHeader header)
    {
        if (!File.Exists(path))
        {
            throw new VectorFileException(
                FileDamage.Missing, path, "no such file", $"a file of kind {kind}",
                "The segment is incomplete: restore it from a snapshot or build it again.");
        }

        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            long bytes = RandomAccess.GetLength(file);
            if (bytes < RowFileHeader.Bytes)
            {
                throw new VectorFileException(
                    FileDamage.TooShort, path, $"{bytes} bytes", $"at least {RowFileHeader.Bytes}",
                    "The file was cut: restore it from a snapshot or build the segment again.");
            }

            Span<byte> page = stackalloc byte[RowFileHeader.Bytes];
            Read(file, path, page, 0);
            header = RowFileHeader.Read(page, bytes, path);
            return header.Kind == kind
                ? file
                : throw new VectorFileException(
                    FileDamage.Kind, path, $"a file of kind {header.Kind}", $"{kind}", "Files were swapped: restore the segment.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static byte[] ReadAttachment(SafeFileHandle file, string path, RowFileHeader header)
    {
        var attachment = new byte[header.AttachmentBytes];
        Read(file, path, attachment, RowFileHeader.Bytes);
        return BlockChecksum.Of(attachment) == header.AttachmentChecksum
            ? attachment
            : throw new VectorFileException(
                FileDamage.Attachment, path, "an attachment that does not match its checksum", $"{header.AttachmentChecksum:x16}",
                "The file is damaged: restore it from a snapshot or build the segment again.");
    }

    /// <summary>
    /// Seeded with the header's checksum, so that a trailer left over from another file does not pass.
    /// </summary>
    private static byte[] Trailer(ulong[] checksums, ulong headerChecksum)
    {
        var trailer = new byte[(checksums.Length + 1) * sizeof(ulong)];
        MemoryMarshal.AsBytes<ulong>(checksums).CopyTo(trailer);
        Span<byte> listed = trailer.AsSpan(0, trailer.Length - sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(trailer.AsSpan(listed.Length), BlockChecksum.Of(listed, headerChecksum));
        return trailer;
    }

    private static ulong[] ReadTrailer(SafeFileHandle file, string path, RowFileHeader header)
    {
        var trailer = new byte[header.TrailerBytes];
        Read(file, path, trailer, header.TrailerOffset);
        ulong[] checksums = MemoryMarshal.Cast<byte, ulong>(trailer.AsSpan(0, trailer.Length - sizeof(ulong))).ToArray();
        return trailer.AsSpan().SequenceEqual(Trailer(checksums, header.Checksum))
            ? checksums
            : throw new VectorFileException(
                FileDamage.Trailer, path, "block checksums that do not match their own checksum", "a sound trailer",
                "The rows cannot be checked: restore the file from a snapshot or build the segment again.");
    }

    private static void Read(SafeFileHandle file, string path, Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(file, target, offset);
            if (read == 0)
            {
                throw new VectorFileException(
                    FileDamage.Size, path, $"the end of the file at byte {offset}", $"{target.Length} bytes more",
                    "The file was cut while it was read: restore it from a snapshot.");
            }

            target = target[read..];
            offset += read;
        }
    }

    private static ReadOnlySpan<byte> Bytes(RowMemory rows, long from, int length)
    {
        if (from < 0 || from + length > rows.Bytes)
        {
            throw new ArgumentOutOfRangeException(nameof(from), from, "The range must lie inside the rows.");
        }

        return new ReadOnlySpan<byte>((byte*)rows.Address + from, length);
    }
}
