using Google.Protobuf;

namespace SearchEngine.Rpc.Wire;

/// <summary>
/// Parses a message so that its long <c>bytes</c> fields (vectors, above all) alias the buffer instead of being copied.
/// Google.Protobuf always copies a bytes field; this parser gives it a copy of the message without the long fields, then sets each
/// field to a slice of the original. The message is valid only as long as the buffer is.
/// </summary>
/// <remarks>
/// Only singular bytes fields reached through singular messages are aliased. Whatever is unusual (a field or one of its parents
/// sent twice, a group, a malformed message) goes through the plain parser, so the result is always the one it would give.
/// </remarks>
internal sealed class AliasingParser<T>(MessageParser<T> parser) where T : class, IMessage<T>
{
    // Below this a copy is cheaper than the second look at the message.
    private const int LongField = 512;

    // What is left of an ordinary search without its vector.
    private const int SmallSkeleton = 256;

    private readonly AliasPlan? _plan = AliasPlan.Of(((IMessage)parser.ParseFrom(ByteString.Empty)).Descriptor);

    public T Parse(in RentedBytes message)
    {
        ReadOnlySpan<byte> bytes = message.Span;
        if (_plan is null || bytes.Length < LongField) return parser.ParseFrom(bytes);

        var found = new AliasScan(LongField);
        if (!found.Scan(_plan, bytes, 0) || found.Count == 0) return parser.ParseFrom(bytes);

        int length = found.SkeletonBytes(bytes.Length);
        using RentedBytes rented = length <= SmallSkeleton ? default : new RentedBytes(length);
        Span<byte> skeleton = length <= SmallSkeleton ? stackalloc byte[SmallSkeleton] : rented.Tail();
        T parsed = parser.ParseFrom(skeleton[..found.WriteSkeleton(_plan, bytes, skeleton)]);
        found.Attach(parsed, message.Memory);
        return parsed;
    }
}
