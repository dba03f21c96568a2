using System.Buffers.Binary;
using System.Globalization;

namespace SearchEngine.Vectors.Files;

/// <summary>
/// The first 4 KiB of every file. All numbers little endian; bytes without a field are zero and covered by the checksum.
/// The layout is given in the README of this project; offsets here are its implementation.
/// </summary>
public sealed record RowFileHeader
{
    public const int Bytes = 4096;
    public const ushort CurrentVersion = 1;
    public const int BlockBytes = 1 << BlockLog2;
    public const int MaxDim = 8192;
    public const int MaxStride = 65536;

    /// <summary>Rows start here, so that a file system with large pages can map them with large pages.</summary>
    public const long DataOffset = 2 << 20;

    /// <summary>What fits between the header and the data.</summary>
    public const int MaxAttachmentBytes = (int)DataOffset - Bytes;

    // 89 "SEV" 0D 0A 1A 0A: not ASCII, and with both line ends: a text-mode transfer cannot leave it intact.
    private const ulong Magic = 0x0A1A0A0D_56455389;
    private const uint EndianTag = 0x01020304;
    private const int BlockLog2 = 21;
    private const byte ChecksumXxh64 = 1;
    private const int ChecksumAt = Bytes - sizeof(ulong);

    public required FileKind Kind { get; init; }

    public required ElementType Element { get; init; }

    /// <summary>Elements in a row; the stride may be longer.</summary>
    public required int Dim { get; init; }

    public required int Stride { get; init; }

    public required int Count { get; init; }

    /// <summary>Shared by the files of one segment.</summary>
    public required Guid Segment { get; init; }

    public int AttachmentBytes { get; init; }

    public ulong AttachmentChecksum { get; init; }

    public long DataBytes => (long)Count * Stride;

    public int BlockCount => (int)((DataBytes + BlockBytes - 1) / BlockBytes);

    /// <summary>
    /// On the page after the rows: a kernel that loads a whole line past the last row stays inside the mapping.
    /// </summary>
    public long TrailerOffset => DataOffset + ((DataBytes + Bytes - 1) / Bytes * Bytes);

    /// <summary>One checksum per block and one over them all.</summary>
    public int TrailerBytes => (BlockCount + 1) * sizeof(ulong);

    public long FileBytes => TrailerOffset + TrailerBytes;

    /// <summary>The checksum in the header page: also the identity of the file in the list of its segment.</summary>
    public ulong Checksum
    {
        get
        {
            Span<byte> page = stackalloc byte[Bytes];
            Write(page);
            return BinaryPrimitives.ReadUInt64LittleEndian(page[ChecksumAt..]);
        }
    }

    public void Write(Span<byte> page)
    {
        page[..Bytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(page, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(page[8..], EndianTag);
        BinaryPrimitives.WriteUInt16LittleEndian(page[12..], CurrentVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(page[14..], Bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(page[16..], (ushort)Kind);
        page[18] = (byte)Element;
        page[19] = BlockLog2;
        page[20] = ChecksumXxh64;
        _ = Segment.TryWriteBytes(page[24..]);
        BinaryPrimitives.WriteInt64LittleEndian(page[40..], FileBytes);
        BinaryPrimitives.WriteInt64LittleEndian(page[48..], DataOffset);
        BinaryPrimitives.WriteInt64LittleEndian(page[56..], DataBytes);
        BinaryPrimitives.WriteInt64LittleEndian(page[64..], TrailerOffset);
        BinaryPrimitives.WriteInt64LittleEndian(page[72..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(page[80..], Dim);
        BinaryPrimitives.WriteInt32LittleEndian(page[84..], Stride);
        BinaryPrimitives.WriteInt32LittleEndian(page[88..], AttachmentBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(page[96..], AttachmentChecksum);
        BinaryPrimitives.WriteUInt64LittleEndian(page[ChecksumAt..], BlockChecksum.Of(page[..ChecksumAt]));
    }

    /// <summary>
    /// Reads and checks a header page; <paramref name="fileBytes"/> is the size the file system reports.
    /// </summary>
    public static RowFileHeader Read(ReadOnlySpan<byte> page, long fileBytes, string path)
    {
        CheckFormat(page, path);
        long count = BinaryPrimitives.ReadInt64LittleEndian(page[72..]);
        var header = new RowFileHeader
        {
            Kind = (FileKind)BinaryPrimitives.ReadUInt16LittleEndian(page[16..]),
            Element = (ElementType)page[18],
            Segment = new Guid(page.Slice(24, 16)),
            Count = count is >= 0 and <= int.MaxValue
                ? (int)count
                : throw Contradiction(path, $"{count} rows", $"0 to {int.MaxValue}"),
            Dim = BinaryPrimitives.ReadInt32LittleEndian(page[80..]),
            Stride = BinaryPrimitives.ReadInt32LittleEndian(page[84..]),
            AttachmentBytes = BinaryPrimitives.ReadInt32LittleEndian(page[88..]),
            AttachmentChecksum = BinaryPrimitives.ReadUInt64LittleEndian(page[96..]),
        };
        header.CheckLimits(path);
        header.CheckSizes(page, fileBytes, path);
        return header;
    }

    private static void CheckFormat(ReadOnlySpan<byte> page, string path)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(page) != Magic)
        {
            throw new VectorFileException(
                FileDamage.ForeignFormat, path, "the file does not start with the magic number of a vector file", "one",
                "If it was copied in text mode, copy it again in binary mode; otherwise restore it from a snapshot.");
        }

        uint tag = BinaryPrimitives.ReadUInt32LittleEndian(page[8..]);
        if (tag != EndianTag || !BitConverter.IsLittleEndian)
        {
            throw new VectorFileException(
                FileDamage.ByteOrder, path, $"byte order tag {tag:x8}", $"{EndianTag:x8} on a little-endian machine",
                "Vector files are used where they are mapped: build the segment again on this kind of machine.");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(page[12..]);
        if (version != CurrentVersion)
        {
            throw new VectorFileException(
                FileDamage.Version, path, $"format version {version}", $"version {CurrentVersion}",
                "Use the program version that wrote the file, or build the segment again.");
        }

        ulong stored = BinaryPrimitives.ReadUInt64LittleEndian(page[ChecksumAt..]);
        ulong computed = BlockChecksum.Of(page[..ChecksumAt]);
        if (stored != computed)
        {
            throw new VectorFileException(
                FileDamage.Header, path, $"a header with checksum {computed:x16}", $"{stored:x16}",
                "The header is damaged: restore the file from a snapshot or build the segment again.");
        }
    }

    private void CheckLimits(string path)
    {
        Require(Enum.IsDefined(Kind), path, $"file kind {(int)Kind}", "a known kind");
        Require(Enum.IsDefined(Element), path, $"element type {(int)Element}", "a known element type");
        Require(Dim is >= 0 and <= MaxDim, path, $"{Dim} elements in a row", $"0 to {MaxDim}");
        Require(Stride is >= 1 and <= MaxStride, path, $"a stride of {Stride} bytes", $"1 to {MaxStride}");
        Require(
            AttachmentBytes is >= 0 and <= MaxAttachmentBytes, path, $"an attachment of {AttachmentBytes} bytes",
            $"0 to {MaxAttachmentBytes}");
    }

    private void CheckSizes(ReadOnlySpan<byte> page, long fileBytes, string path)
    {
        long said = BinaryPrimitives.ReadInt64LittleEndian(page[40..]);
        bool agree = said == FileBytes
            && BinaryPrimitives.ReadInt64LittleEndian(page[48..]) == DataOffset
            && BinaryPrimitives.ReadInt64LittleEndian(page[56..]) == DataBytes
            && BinaryPrimitives.ReadInt64LittleEndian(page[64..]) == TrailerOffset
            && BinaryPrimitives.ReadUInt16LittleEndian(page[14..]) == Bytes
            && page[19] == BlockLog2
            && page[20] == ChecksumXxh64;
        Require(agree, path, "sizes and offsets in the header that contradict each other", "those that follow from rows and stride");
        if (fileBytes != FileBytes)
        {
            throw new VectorFileException(
                FileDamage.Size, path, $"{fileBytes.ToString(CultureInfo.InvariantCulture)} bytes", $"{FileBytes} bytes",
                "The file was cut or grew after it was published: restore it from a snapshot.");
        }
    }

    private static void Require(bool holds, string path, string found, string expected)
    {
        if (!holds)
        {
            throw Contradiction(path, found, expected);
        }
    }

    private static VectorFileException Contradiction(string path, string found, string expected) => new(
        FileDamage.Contradiction, path, found, expected, "The writer was faulty: build the segment again and report this.");
}
