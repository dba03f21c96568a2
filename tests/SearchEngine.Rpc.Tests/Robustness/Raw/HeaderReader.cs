using System.Text;

namespace SearchEngine.Rpc.Tests.Robustness.Raw;

/// <summary>Reads the header blocks of one connection in order (RFC 7541). Huffman strings are refused: this server sends none.</summary>
internal sealed class HeaderReader
{
    private const int DefaultTableBytes = 4096;
    private const int EntryOverhead = 32;

    private static readonly (string Name, string Value)[] Static = ReadStatic();

    private readonly List<(string Name, string Value)> _dynamic = [];
    private int _tableBytes = DefaultTableBytes;

    public List<(string Name, string Value)> Read(ReadOnlySpan<byte> block)
    {
        var headers = new List<(string, string)>();
        while (!block.IsEmpty)
        {
            byte first = block[0];
            if ((first & 0x80) != 0)
            {
                headers.Add(Entry(ReadInteger(ref block, 7)));
            }
            else if ((first & 0xe0) == 0x20)
            {
                _tableBytes = ReadInteger(ref block, 5);
                Evict();
            }
            else
            {
                bool indexed = (first & 0x40) != 0;
                int nameIndex = ReadInteger(ref block, indexed ? 6 : 4);
                string name = nameIndex == 0 ? ReadText(ref block) : Entry(nameIndex).Name;
                (string, string) header = (name, ReadText(ref block));
                headers.Add(header);
                if (!indexed) continue;
                _dynamic.Insert(0, header);
                Evict();
            }
        }
        return headers;
    }

    private (string Name, string Value) Entry(int index)
    {
        if (index is < 1 || index > Static.Length + _dynamic.Count) throw new InvalidDataException($"Header index {index} names nothing.");
        return index <= Static.Length ? Static[index - 1] : _dynamic[index - Static.Length - 1];
    }

    private void Evict()
    {
        while (_dynamic.Sum(entry => entry.Name.Length + entry.Value.Length + EntryOverhead) > _tableBytes) _dynamic.RemoveAt(_dynamic.Count - 1);
    }

    private static string ReadText(ref ReadOnlySpan<byte> block)
    {
        if ((block[0] & 0x80) != 0) throw new InvalidDataException("A Huffman string: this reader knows none.");
        int length = ReadInteger(ref block, 7);
        string text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }

    private static int ReadInteger(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        int max = (1 << prefixBits) - 1;
        int value = block[0] & max;
        block = block[1..];
        if (value < max) return value;
        for (int shift = 0; ; shift += 7)
        {
            byte next = block[0];
            block = block[1..];
            value += (next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }

    // RFC 7541, appendix A: "name" or "name=value", in order.
    private static (string, string)[] ReadStatic()
    {
        const string Table =
            ":authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|:status=204|:status=206|"
            + ":status=304|:status=400|:status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|accept-language|accept-ranges|accept|"
            + "access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|content-language|"
            + "content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|"
            + "if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|"
            + "proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|strict-transport-security|transfer-encoding|user-agent|"
            + "vary|via|www-authenticate";
        return [.. Table.Split('|').Select(entry => entry.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (entry[..at], entry[(at + 1)..]) : (entry, ""))];
    }
}
