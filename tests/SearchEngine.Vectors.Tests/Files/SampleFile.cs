using SearchEngine.Testing;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Tests.Files;

/// <summary>A published row file with known content, small enough to damage byte by byte.</summary>
internal sealed class SampleFile : IDisposable
{
    public static readonly byte[] Attachment = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))];
    private readonly TempDirectory _directory = new();

    public SampleFile(int count = 1000, int stride = 64, FileKind kind = FileKind.Truth)
    {
        Path = _directory.File("sample");
        using AnonymousRows rows = Rows(count, stride);
        Header = new RowFileHeader
        {
            Kind = kind,
            Element = ElementType.Float16,
            Dim = stride / 2,
            Stride = stride,
            Count = count,
            Segment = new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]),
            AttachmentBytes = Attachment.Length,
            AttachmentChecksum = BlockChecksum.Of(Attachment),
        };
        RowFile.Write(Path, Header, Attachment, rows, RowFile.BlockChecksums(rows));
    }

    public string Path { get; }

    public RowFileHeader Header { get; }

    public static AnonymousRows Rows(int count, int stride)
    {
        AnonymousRows rows = AnonymousRows.Allocate(count, stride);
        for (int i = 0; i < count; i++)
        {
            Span<byte> row = rows.Row((uint)i);
            for (int j = 0; j < stride; j++)
            {
                row[j] = ValueAt(i, j);
            }
        }

        return rows;
    }

    public static byte ValueAt(int row, int at) => (byte)((row * 31) + (at * 7) + (row >> 8));

    public void Flip(long offset, byte mask = 0x40)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        int value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ mask));
    }

    public void Dispose() => _directory.Dispose();
}
