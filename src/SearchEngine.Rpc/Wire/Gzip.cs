using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;

namespace SearchEngine.Rpc.Wire;

/// <summary>The only message encoding beside identity, and the names both travel under.</summary>
internal static class Gzip
{
    public const string EncodingHeader = "grpc-encoding";
    public const string AcceptHeader = "grpc-accept-encoding";
    public const string Name = "gzip";
    public const string Identity = "identity";
    public const string Accepted = "identity,gzip";

    private const int FirstGuess = 4;

    // RFC 1952: 10 bytes of header, 8 of trailer, whose last four hold the length of what was compressed.
    private const int SmallestMember = 18;
    private const int LengthBytes = 4;

    public static bool IsAcceptedBy(string? acceptHeader)
    {
        if (acceptHeader is null) return false;
        foreach (Range part in acceptHeader.AsSpan().Split(','))
        {
            if (acceptHeader.AsSpan(part).Trim().Equals(Name, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    /// <summary>
    /// Expands one message. Stops as soon as it is longer than <paramref name="maxBytes"/>, so that a small message that
    /// expands without end costs no more than an honest one. What is cut short is refused: GZipStream takes the end of its
    /// source for the end of the data (.NET 10), and half a message may well parse. Several members in a row are refused, too.
    /// </summary>
    public static RentedBytes Expand(in RentedBytes compressed, int maxBytes, string direction)
    {
        var expanded = new RentedBytes((int)Math.Min(maxBytes + 1L, Math.Max(256L, compressed.Length * (long)FirstGuess)));
        try
        {
            ArraySegment<byte> segment = compressed.Segment();
            using var source = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            while (true)
            {
                if (expanded.Free == 0) expanded.Grow((int)Math.Min(maxBytes + 1L, expanded.Length * 2L));
                int read = gzip.Read(expanded.Tail());
                if (read == 0) break;
                expanded.Advance(read);
                if (expanded.Length > maxBytes) throw FrameErrors.TooLarge(direction, expanded.Length, maxBytes);
            }
            if (!EndsWithLength(compressed.Span, expanded.Length)) throw new InvalidDataException("It is cut short, or more follows its end.");
            return expanded;
        }
        catch (InvalidDataException broken)
        {
            expanded.Dispose();
            throw FrameErrors.Malformed($"The {direction} could not be decompressed: {broken.Message}");
        }
        catch
        {
            expanded.Dispose();
            throw;
        }
    }

    private static bool EndsWithLength(ReadOnlySpan<byte> compressed, int length) =>
        compressed.Length >= SmallestMember && BinaryPrimitives.ReadUInt32LittleEndian(compressed[^LengthBytes..]) == (uint)length;

    public static MemoryStream Compress(IMessage message)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true)) message.WriteTo(gzip);
        output.Position = 0;
        return output;
    }
}
