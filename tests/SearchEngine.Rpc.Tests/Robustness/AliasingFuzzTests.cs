using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Fuzz;
using SearchEngine.Rpc.Wire;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>The aliasing parser gives what the plain parser gives, for every input: the same message, or both refuse.</summary>
public sealed class AliasingFuzzTests
{
    private const int Sample = 30_000;

    [Fact]
    public void Mutated_loads_parse_as_the_plain_parser_does() => Compare(Load.Parser, 10_000);

    [Fact]
    public void Mutated_requests_parse_as_the_plain_parser_does() => Compare(ProbeRequest.Parser, 20_000_000);

    /// <summary>proto2, with required-like and repeated messages and many unknown fields.</summary>
    [Fact]
    public void Mutated_descriptors_parse_as_the_plain_parser_does()
    {
        var aliasing = new AliasingParser<FileDescriptorProto>(FileDescriptorProto.Parser);
        byte[] seed = ProbeReflection.Descriptor.SerializedData.ToByteArray();
        foreach (int number in LongTests.Seeds(30_000_000, Sample / 10))
        {
            var random = new Random(number);
            AssertSame(aliasing, FileDescriptorProto.Parser, ByteMutation.Apply(random, seed), number);
        }
    }

    [Fact]
    public void A_long_vector_is_not_copied()
    {
        byte[] message = new ProbeRequest { Load = new Load { Vector = ByteString.CopyFrom(new byte[4096]) } }.ToByteArray();
        using RentedBytes frame = Rent(message);
        ProbeRequest parsed = new AliasingParser<ProbeRequest>(ProbeRequest.Parser).Parse(frame);
        Assert.True(parsed.Load.Vector.Span.Overlaps(frame.Span), "The vector of a request is a slice of its frame; it was copied.");
    }

    private static void Compare<T>(MessageParser<T> plain, int firstSeed)
        where T : class, IMessage<T>
    {
        var aliasing = new AliasingParser<T>(plain);
        MessageDescriptor type = ((IMessage)plain.ParseFrom(ByteString.Empty)).Descriptor;
        foreach (int number in LongTests.Seeds(firstSeed, Sample))
        {
            var random = new Random(number);
            byte[] message = new WireMessage(random).Write(type, 0);
            // A third as it is: valid messages of unusual form; the rest broken in one to four places.
            if (random.Next(3) != 0) message = ByteMutation.Apply(random, message);
            AssertSame(aliasing, plain, message, number);
        }
    }

    private static void AssertSame<T>(AliasingParser<T> aliasing, MessageParser<T> plain, byte[] message, int seed)
        where T : class, IMessage<T>
    {
        using RentedBytes frame = Rent(message);
        (byte[]? expected, string? refusal) = Outcome(() => plain.ParseFrom(message));
        (byte[]? actual, string? otherRefusal) = Outcome(() => aliasing.Parse(frame));
        if (expected is null != actual is null)
        {
            Assert.Fail($"Seed {seed}: the plain parser says {refusal ?? "fine"}, the aliasing one {otherRefusal ?? "fine"}: {Convert.ToHexString(message)}");
        }
        if (expected is not null && !expected.AsSpan().SequenceEqual(actual))
        {
            Assert.Fail($"Seed {seed}: another message than the plain parser's: {Convert.ToHexString(message)}");
        }
    }

    private static (byte[]? Bytes, string? Refusal) Outcome<T>(Func<T> parse)
        where T : class, IMessage<T>
    {
        try
        {
            return (parse().ToByteArray(), null);
        }
        catch (InvalidProtocolBufferException refused)
        {
            return (null, refused.Message);
        }
    }

    private static RentedBytes Rent(byte[] message)
    {
        var frame = new RentedBytes(message.Length);
        frame.Append(new System.Buffers.ReadOnlySequence<byte>(message));
        return frame;
    }
}
