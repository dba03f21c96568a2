namespace SearchEngine.Models.Tests.Tokenizers.Reference;

/// <summary>What the reference made of a text. Starts and ends count code points.</summary>
internal sealed record ReferenceEncoding(int[] Ids, int[] Starts, int[] Ends, int[] TypeIds, int[] SpecialMask)
{
    /// <summary>Null stands for a text the reference refused.</summary>
    public static IReadOnlyList<ReferenceEncoding?> Parse(ReadOnlySpan<int> numbers)
    {
        var encodings = new List<ReferenceEncoding?>();
        while (!numbers.IsEmpty)
        {
            var count = numbers[0];
            numbers = numbers[1..];
            if (count < 0)
            {
                encodings.Add(null);
                continue;
            }
            encodings.Add(new(
                numbers[..count].ToArray(),
                numbers.Slice(count, count).ToArray(),
                numbers.Slice(2 * count, count).ToArray(),
                numbers.Slice(3 * count, count).ToArray(),
                numbers.Slice(4 * count, count).ToArray()));
            numbers = numbers[(5 * count)..];
        }
        return encodings;
    }
}
