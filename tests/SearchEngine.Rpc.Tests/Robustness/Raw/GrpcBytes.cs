using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;

namespace SearchEngine.Rpc.Tests.Robustness.Raw;

/// <summary>Length-prefixed messages as bytes.</summary>
internal static class GrpcBytes
{
    public const int HeaderBytes = 5;

    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    /// <param name="body">What follows the header.</param>
    /// <param name="flag">1 says compressed.</param>
    /// <param name="claimedLength">Null for the truth.</param>
    public static byte[] Frame(byte[] body, byte flag = 0, uint? claimedLength = null)
    {
        byte[] frame = new byte[HeaderBytes + body.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), claimedLength ?? (uint)body.Length);
        body.CopyTo(frame, HeaderBytes);
        return frame;
    }

    public static byte[] Gzip(byte[] body)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body);
        return output.ToArray();
    }

    /// <summary>The bodies of whole frames; null when the bytes end inside one or a flag is unknown.</summary>
    public static List<byte[]>? Split(ReadOnlySpan<byte> frames)
    {
        var bodies = new List<byte[]>();
        while (!frames.IsEmpty)
        {
            if (frames.Length < HeaderBytes || frames[0] > 1) return null;
            long length = BinaryPrimitives.ReadUInt32BigEndian(frames[1..]);
            if (length > frames.Length - HeaderBytes) return null;
            bodies.Add(frames.Slice(HeaderBytes, (int)length).ToArray());
            frames = frames[(HeaderBytes + (int)length)..];
        }
        return bodies;
    }
}
