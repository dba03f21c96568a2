using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using SearchEngine.Collections;

namespace SearchEngine.Server.Calls;

/// <summary>
/// Names a write: a version byte, a hash of the collection's name, the sequence. A write is seen before it is acknowledged, so a token of
/// this server's own never has to wait; one that is ahead comes from a state that is gone.
/// </summary>
internal static class ConsistencyToken
{
    private const byte Version = 1;
    private const int Length = 17;

    public static ByteString Of(Collection collection, ulong sequence)
    {
        var token = new byte[Length];
        token[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(token.AsSpan(1), Hash(collection.Name));
        BinaryPrimitives.WriteUInt64LittleEndian(token.AsSpan(9), sequence);
        return UnsafeByteOperations.UnsafeWrap(token);
    }

    public static void Check(Collection collection, ByteString token, string path)
    {
        if (token.IsEmpty)
        {
            return;
        }
        ReadOnlySpan<byte> bytes = token.Span;
        bool own = bytes.Length == Length && bytes[0] == Version && BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]) == Hash(collection.Name);
        if (!own || BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..]) > collection.Sequence)
        {
            throw Refusal.Of(
                Wire.ErrorReason.ConsistencyToken, path,
                own ? "The token is of a write that this collection does not have." : $"The token is not one of collection \"{collection.Name}\".",
                "Send the token of a reply to a write to this collection, or none.");
        }
    }

    private static ulong Hash(string name)
    {
        // FNV-1a: enough to notice a token of another collection.
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ b) * 0x100000001B3;
        }
        return hash;
    }
}
