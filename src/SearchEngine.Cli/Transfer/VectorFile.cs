using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Transfer;

/// <summary>
/// Rows of numbers: fvecs, bvecs and ivecs (every row begins with its length), fbin, u8bin and i8bin (rows and elements in the
/// first eight bytes), npy. Little-endian; the id of a row is its place, from 0, as ground truths count.
/// </summary>
internal sealed class VectorFile
{
    private const int MostElements = 65_536;
    private const int LengthBytes = sizeof(int);

    private readonly string _path;
    private readonly int _elements;
    private readonly ElementForm _form;
    private readonly long _start;
    private readonly int _rowHead;

    private VectorFile(string path, int elements, ElementForm form, long start, int rowHead, long rows)
    {
        (_path, _elements, _form, _start, _rowHead, Rows) = (path, elements, form, start, rowHead, rows);
        long expected = start + rows * RowBytes, actual = new FileInfo(path).Length;
        if (elements is < 1 or > MostElements || rows < 0 || expected != actual)
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture, $"{path} has {actual} bytes; {rows} rows of {elements} elements would take {expected}. It is cut off, or of another form than its name says."));
        }
    }

    public long Rows { get; }

    private int RowBytes => _rowHead + _elements * _form.Bytes;

    /// <exception cref="InputException">The file's sizes do not fit each other, or its form is not known.</exception>
    public static VectorFile Open(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".fvecs" => Vecs(path, ElementForm.Float32),
        ".bvecs" => Vecs(path, ElementForm.UInt8),
        ".ivecs" => Vecs(path, ElementForm.Int32),
        ".fbin" => Bin(path, ElementForm.Float32),
        ".u8bin" => Bin(path, ElementForm.UInt8),
        ".i8bin" => Bin(path, ElementForm.Int8),
        ".npy" => Npy(path),
        var other => throw new InputException($"{path}: files end in .jsonl, .fvecs, .bvecs, .ivecs, .fbin, .u8bin, .i8bin or .npy, not in '{other}'; a BEIR folder is given as a folder."),
    };

    public IEnumerable<Record> Read()
    {
        using FileStream stream = File.OpenRead(_path);
        stream.Seek(_start, SeekOrigin.Begin);
        var row = new byte[RowBytes];
        for (long number = 0; number < Rows; number++)
        {
            stream.ReadExactly(row);
            if (_rowHead > 0 && BinaryPrimitives.ReadInt32LittleEndian(row) is var length && length != _elements)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{_path}, row {number}: says {length} elements, the first row {_elements}."));
            }
            yield return Record.OfRow((ulong)number, _form.Read(row.AsSpan(_rowHead), _elements));
        }
    }

    private static VectorFile Vecs(string path, ElementForm form)
    {
        int elements = Begin(path, LengthBytes) is { } head ? BinaryPrimitives.ReadInt32LittleEndian(head) : 1;
        long rowBytes = LengthBytes + (long)Math.Clamp(elements, 1, MostElements) * form.Bytes;
        return new VectorFile(path, elements, form, 0, LengthBytes, new FileInfo(path).Length / rowBytes);
    }

    private static VectorFile Bin(string path, ElementForm form)
    {
        byte[] head = Begin(path, 2 * LengthBytes) ?? throw new InputException($"{path} is shorter than its first eight bytes, which say rows and elements.");
        return new VectorFile(
            path, (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(LengthBytes)), int.MaxValue), form, head.Length, 0, BinaryPrimitives.ReadUInt32LittleEndian(head));
    }

    private static VectorFile Npy(string path)
    {
        using FileStream stream = File.OpenRead(path);
        NpyHeader header = NpyHeader.Read(stream, path);
        return new VectorFile(path, header.Columns, header.Form, header.Bytes, 0, header.Rows);
    }

    private static byte[]? Begin(string path, int bytes)
    {
        using FileStream stream = File.OpenRead(path);
        var head = new byte[bytes];
        return stream.ReadAtLeast(head, bytes, throwOnEndOfStream: false) == bytes ? head : null;
    }

    /// <summary>How an element is stored.</summary>
    internal sealed record ElementForm(int Bytes, Func<byte[], float[]> Convert)
    {
        public static readonly ElementForm Float32 = Of<float>();
        public static readonly ElementForm Float16 = Of<Half>();
        public static readonly ElementForm Float64 = Of<double>();
        public static readonly ElementForm Int32 = Of<int>();
        public static readonly ElementForm Int8 = Of<sbyte>();
        public static readonly ElementForm UInt8 = Of<byte>();

        public float[] Read(ReadOnlySpan<byte> row, int elements) => Convert(row[..(elements * Bytes)].ToArray());

        private static ElementForm Of<T>()
            where T : unmanaged, INumberBase<T> => new(
                Marshal.SizeOf<T>(), row => [.. MemoryMarshal.Cast<byte, T>(row).ToArray().Select(float.CreateChecked)]);
    }
}
