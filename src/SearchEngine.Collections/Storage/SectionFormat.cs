using System.Buffers.Binary;
using System.Text;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Storage;

/// <summary>The bytes of a section file around its sections; the layout is given in the README of this folder.</summary>
internal static class SectionFormat
{
    public const int HeadBytes = 64;
    public const int FooterBytes = 64;
    public const int EntryBytes = 80;
    public const int BlockBytes = 1 << 20;
    public const int Alignment = 64;
    public const int MaxSections = 4096;
    public const int MaxKindBytes = 32;
    public const int MaxNameBytes = 64;

    private const ushort Version = 1;

    // 89 "SES" 0D 0A 1A 0A and 89 "SEF" 0D 0A 1A 0A: not ASCII, and with both line ends, so text-mode transfers are found.
    private const ulong HeadMagic = 0x0A1A0A0D_53455389;
    private const ulong FooterMagic = 0x0A1A0A0D_46455389;
    private const uint EndianTag = 0x01020304;
    private const int KindAt = 16;
    private const int ChecksumAt = 56;

    public static long Aligned(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    public static int BlocksFor(long bytes) => checked((int)((bytes + BlockBytes - 1) / BlockBytes));

    public static void WriteHead(Span<byte> head, string kind)
    {
        head.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(head, HeadMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], EndianTag);
        BinaryPrimitives.WriteUInt16LittleEndian(head[12..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(head[14..], HeadBytes);
        WriteName(head.Slice(KindAt, MaxKindBytes), kind);
        BinaryPrimitives.WriteUInt64LittleEndian(head[ChecksumAt..], BlockChecksum.Of(head[..ChecksumAt]));
    }

    /// <summary>Returns the head's checksum, which the footer repeats.</summary>
    public static ulong CheckHead(ReadOnlySpan<byte> head, string path, string kind)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(head) != HeadMagic)
        {
            throw StorageErrors.Damaged(path, "it does not start with the magic number of a section file");
        }

        ulong checksum = BinaryPrimitives.ReadUInt64LittleEndian(head[ChecksumAt..]);
        if (checksum != BlockChecksum.Of(head[..ChecksumAt]))
        {
            throw StorageErrors.Damaged(path, "its head does not match its checksum");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(head[12..]);
        if (version != Version || BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) != EndianTag || !BitConverter.IsLittleEndian)
        {
            throw StorageErrors.Damaged(
                path, $"it has format version {version}; this program reads version {Version} on little-endian machines");
        }

        string found = ReadName(head.Slice(KindAt, MaxKindBytes));
        return found == kind ? checksum : throw StorageErrors.Damaged(path, $"it is a file of kind '{found}', not '{kind}'");
    }

    public static void WriteFooter(Span<byte> footer, in SectionFooter values)
    {
        footer.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(footer, FooterMagic);
        BinaryPrimitives.WriteInt64LittleEndian(footer[8..], values.FileBytes);
        BinaryPrimitives.WriteInt64LittleEndian(footer[16..], values.TableOffset);
        BinaryPrimitives.WriteInt32LittleEndian(footer[24..], values.Sections);
        BinaryPrimitives.WriteInt32LittleEndian(footer[28..], values.Blocks);
        BinaryPrimitives.WriteUInt64LittleEndian(footer[32..], values.TableChecksum);
        BinaryPrimitives.WriteUInt64LittleEndian(footer[40..], values.HeadChecksum);
        BinaryPrimitives.WriteUInt64LittleEndian(footer[ChecksumAt..], BlockChecksum.Of(footer[..ChecksumAt]));
    }

    /// <summary>Reads and checks a footer; <paramref name="fileBytes"/> is what the file system says.</summary>
    public static SectionFooter CheckFooter(ReadOnlySpan<byte> footer, string path, long fileBytes, ulong headChecksum)
    {
        var values = new SectionFooter(
            BinaryPrimitives.ReadInt64LittleEndian(footer[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(footer[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(footer[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(footer[28..]),
            BinaryPrimitives.ReadUInt64LittleEndian(footer[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(footer[40..]));
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer) != FooterMagic
            || BinaryPrimitives.ReadUInt64LittleEndian(footer[ChecksumAt..]) != BlockChecksum.Of(footer[..ChecksumAt]))
        {
            throw StorageErrors.Damaged(path, "it does not end with a sound footer; it was cut, never finished, or damaged there");
        }

        bool agree = values.FileBytes == fileBytes
            && values.HeadChecksum == headChecksum
            && values.Sections is >= 0 and <= MaxSections
            && values.TableOffset >= HeadBytes && values.TableOffset <= fileBytes && values.TableOffset % Alignment == 0
            && values.Blocks == BlocksFor(values.TableOffset)
            && values.TableOffset + values.TableBytes + FooterBytes == fileBytes;
        return agree
            ? values
            : throw StorageErrors.Damaged(path, $"its footer belongs to a file of {values.FileBytes} bytes, this one has {fileBytes}");
    }

    public static void WriteName(Span<byte> target, string name)
    {
        if (name.Length == 0 || name.Length > target.Length || !Ascii.IsValid(name))
        {
            throw new ArgumentException($"'{name}': names in section files are 1 to {target.Length} ASCII characters.", nameof(name));
        }

        target.Clear();
        Encoding.ASCII.GetBytes(name, target);
    }

    public static string ReadName(ReadOnlySpan<byte> source) => Encoding.ASCII.GetString(source.TrimEnd((byte)0));
}
