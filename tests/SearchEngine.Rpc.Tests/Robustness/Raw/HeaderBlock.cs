using System.Text;

namespace SearchEngine.Rpc.Tests.Robustness.Raw;

/// <summary>Writes header blocks as literals that touch no table (RFC 7541, section 6.2.2), so that every block stands alone.</summary>
internal static class HeaderBlock
{
    public static byte[] Write(IEnumerable<(string Name, string Value)> headers)
    {
        var block = new MemoryStream();
        foreach ((string name, string value) in headers)
        {
            block.WriteByte(0);
            WriteText(block, name);
            WriteText(block, value);
        }
        return block.ToArray();
    }

    /// <summary>The headers of a call as a client sends them.</summary>
    public static List<(string Name, string Value)> Call(string path, params (string Name, string Value)[] further) =>
    [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers"), .. further,
    ];

    private static void WriteText(MemoryStream block, string text)
    {
        // Latin-1 so that a test can send any byte.
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        WriteInteger(block, bytes.Length, 7);
        block.Write(bytes);
    }

    private static void WriteInteger(MemoryStream block, int value, int prefixBits)
    {
        int max = (1 << prefixBits) - 1;
        if (value < max)
        {
            block.WriteByte((byte)value);
            return;
        }
        block.WriteByte((byte)max);
        for (value -= max; value >= 0x80; value >>= 7) block.WriteByte((byte)(value | 0x80));
        block.WriteByte((byte)value);
    }
}
