namespace SearchEngine.Rpc.Tests.Robustness.Fuzz;

/// <summary>Breaks bytes in one to four places.</summary>
internal static class ByteMutation
{
    private static readonly byte[] Telling = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x0b, 0x0c];

    public static byte[] Apply(Random random, byte[] original)
    {
        var bytes = new List<byte>(original);
        for (int i = random.Next(1, 5); i > 0; i--) Step(random, bytes);
        return [.. bytes];
    }

    private static void Step(Random random, List<byte> bytes)
    {
        // Near the front, where tags and lengths stand, as often as anywhere.
        int at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Count, 24) + 1 : bytes.Count + 1);
        int length = Math.Min(bytes.Count - at, random.Next(1, random.Next(8) == 0 ? 700 : 12));
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Telling[random.Next(Telling.Length)];
                break;
            case 2:
                bytes.Insert(at, Telling[random.Next(Telling.Length)]);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            default:
                if (random.Next(4) == 0) bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }
}
