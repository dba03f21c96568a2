using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Transfer;

/// <summary>The head of NumPy's file format, versions 1 to 3: a matrix in row order.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Elements of a row.</param>
/// <param name="Form">How an element is stored.</param>
/// <param name="Bytes">Where the rows begin.</param>
internal sealed partial record NpyHeader(long Rows, int Columns, VectorFile.ElementForm Form, long Bytes)
{
    private const int PrefixBytes = 8;
    private const int LongestHeader = 1 << 16;

    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <exception cref="InputException">It is no such matrix.</exception>
    public static NpyHeader Read(Stream stream, string path)
    {
        var prefix = new byte[PrefixBytes];
        if (stream.ReadAtLeast(prefix, PrefixBytes, throwOnEndOfStream: false) < PrefixBytes || !prefix.AsSpan().StartsWith(Magic))
        {
            throw new InputException($"{path} does not begin like a file of NumPy.");
        }
        var length = new byte[prefix[Magic.Length] == 1 ? sizeof(ushort) : sizeof(uint)];
        stream.ReadExactly(length);
        uint bytes = length.Length == sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (bytes > LongestHeader)
        {
            throw new InputException($"{path}: a header of {bytes} bytes; {LongestHeader} are read at most.");
        }
        var text = new byte[bytes];
        stream.ReadExactly(text);
        Match match = Fields().Match(Encoding.UTF8.GetString(text));
        if (!match.Success || match.Groups["order"].Value == "True")
        {
            throw new InputException($"{path}: needs a matrix of two dimensions in row order; save it with numpy.save(file, numpy.ascontiguousarray(matrix)).");
        }
        bool isSized = long.TryParse(match.Groups["rows"].ValueSpan, CultureInfo.InvariantCulture, out long rows)
            & int.TryParse(match.Groups["columns"].ValueSpan, CultureInfo.InvariantCulture, out int columns);
        return isSized
            ? new NpyHeader(rows, columns, FormOf(match.Groups["type"].Value, path), stream.Position)
            : throw new InputException($"{path}: its shape is beyond what a file can hold.");
    }

    private static VectorFile.ElementForm FormOf(string type, string path) => type switch
    {
        "<f4" => VectorFile.ElementForm.Float32,
        "<f2" => VectorFile.ElementForm.Float16,
        "<f8" => VectorFile.ElementForm.Float64,
        "<i4" => VectorFile.ElementForm.Int32,
        "|i1" => VectorFile.ElementForm.Int8,
        "|u1" => VectorFile.ElementForm.UInt8,
        _ => throw new InputException($"{path}: elements of type {type}; f2, f4, f8, i1, u1 and i4 in little-endian order are read. matrix.astype('float32') makes one."),
    };

    [GeneratedRegex(@"(?=.*'descr':\s*'(?<type>[^']+)')(?=.*'fortran_order':\s*(?<order>True|False))(?=.*'shape':\s*\((?<rows>\d+),\s*(?<columns>\d+),?\s*\))",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fields();
}
