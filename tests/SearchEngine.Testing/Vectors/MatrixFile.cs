using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SearchEngine.Testing.Vectors;

/// <summary>
/// The exchange files of the benchmarks: <c>.fbin</c> = int32 rows, int32 dim, float32 rows; <c>.ibin</c> = int32 rows,
/// int32 width, int32 ids. Little endian, row-major, nothing else in the file.
/// </summary>
public static class MatrixFile
{
    private const int HeaderBytes = 8;

    public static FloatMatrix ReadFloats(string path, int maxRows = int.MaxValue)
    {
        using FileStream file = OpenChecked(path, out int rows, out int dim);
        int kept = Math.Min(rows, maxRows);
        var matrix = new FloatMatrix(kept, dim);
        ReadExactly(file, matrix.Values);
        return matrix;
    }

    public static IdMatrix ReadIds(string path)
    {
        using FileStream file = OpenChecked(path, out int rows, out int width);
        var matrix = new IdMatrix(rows, width);
        ReadExactly(file, matrix.Values);
        return matrix;
    }

    public static void WriteFloats(string path, FloatMatrix matrix) => Write(path, matrix.Count, matrix.Dim, matrix.Values);

    public static void WriteIds(string path, IdMatrix matrix) => Write(path, matrix.Count, matrix.Width, matrix.Values);

    private static FileStream OpenChecked(string path, out int rows, out int width)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.Length < HeaderBytes)
        {
            file.Dispose();
            throw new InvalidDataException($"{path}: shorter than its {HeaderBytes}-byte header.");
        }

        file.ReadExactly(header);
        rows = BinaryPrimitives.ReadInt32LittleEndian(header);
        width = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (rows < 0 || width <= 0 || file.Length != HeaderBytes + (4L * rows * width))
        {
            long length = file.Length;
            file.Dispose();
            throw new InvalidDataException($"{path}: {length} bytes are not {rows} rows of {width} four-byte values.");
        }

        return file;
    }

    private static void ReadExactly<T>(FileStream file, T[] values)
        where T : struct
    {
        // Spans count in int, a matrix may have more than 2^31 bytes: read in pieces of elements.
        const int Piece = 1 << 24;
        for (int at = 0; at < values.Length; at += Piece)
        {
            file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(at, Math.Min(Piece, values.Length - at))));
        }
    }

    private static void Write<T>(string path, int rows, int width, T[] values)
        where T : struct
    {
        string aside = path + ".tmp";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            Span<byte> header = stackalloc byte[HeaderBytes];
            BinaryPrimitives.WriteInt32LittleEndian(header, rows);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], width);
            file.Write(header);
            const int Piece = 1 << 24;
            for (int at = 0; at < values.Length; at += Piece)
            {
                file.Write(MemoryMarshal.AsBytes(values.AsSpan(at, Math.Min(Piece, values.Length - at))));
            }
        }

        File.Move(aside, path, overwrite: true);
    }
}
