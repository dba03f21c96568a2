using System.Buffers.Binary;

namespace SearchEngine.Server.Tests.Robustness;

/// <summary>A valid frame with some of its bytes changed, by seed.</summary>
internal static class RequestMutation
{
    private const int PrefixBytes = 5;

    public static byte[] Make(byte[] message, Random random)
    {
        byte[] changed = message;
        for (int i = random.Next(4); i >= 0; i--)
        {
            changed = Change(changed, random);
        }
        byte[] body = [.. Prefix(changed.Length), .. changed];
        // The frame itself is wrong now and then: a length of its own, a compressed flag, a second message, a missing end.
        switch (random.Next(12))
        {
            case 0:
                BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), random.Next(2) == 0 ? random.Next() : random.Next(changed.Length + 8));
                return body;
            case 1:
                body[0] = (byte)random.Next(256);
                return body;
            case 2:
                return [.. body, .. body];
            case 3:
                return body[..random.Next(body.Length)];
            default:
                return body;
        }
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        switch (random.Next(6))
        {
            case 0 when bytes.Length > 0:
                byte[] flipped = [.. bytes];
                flipped[Math.Min(at, bytes.Length - 1)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return bytes[..at];
            case 2:
                var inserted = new byte[random.Next(1, 9)];
                random.NextBytes(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
            case 3:
                int end = random.Next(at, bytes.Length + 1);
                return [.. bytes[..at], .. bytes[end..]];
            case 4:
                // A repeated field or a field that came before: the last one counts.
                int length = random.Next(bytes.Length - at + 1);
                return [.. bytes, .. bytes[at..(at + length)]];
            default:
                byte[] extreme = [.. bytes];
                for (int i = at; i < Math.Min(bytes.Length, at + 8); i++)
                {
                    extreme[i] = random.Next(2) == 0 ? byte.MaxValue : byte.MinValue;
                }
                return extreme;
        }
    }

    private static byte[] Prefix(int length)
    {
        var prefix = new byte[PrefixBytes];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), length);
        return prefix;
    }
}
