using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using SearchEngine.Protocol.V1;

namespace SearchEngine.Benchmarks.Rpc;

/// <summary>The call that is measured: a 768-float query vector as bytes in, ten hits out.</summary>
internal static class RpcWorkload
{
    public const string Path = "/searchengine.v1.Search/Search";

    private const int Dimension = 768;
    private const int Hits = 10;

    public static SearchRequest Request()
    {
        var random = new Random(20_261_121);
        float[] vector = new float[Dimension];
        for (int i = 0; i < vector.Length; i++) vector[i] = (float)(random.NextDouble() - 0.5);
        return new SearchRequest
        {
            Header = new RequestHeader { Collection = "articles" },
            Query = new Query
            {
                Vector = new Vector
                {
                    Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(vector.AsSpan())),
                    ElementType = ElementType.Float32,
                    Dimension = Dimension,
                },
            },
            K = Hits,
        };
    }

    public static SearchReply Reply()
    {
        var reply = new SearchReply();
        Fill(reply);
        return reply;
    }

    /// <summary>What a handler does for one search: writes its hits into a reply, new or used.</summary>
    public static void Fill(SearchReply reply)
    {
        reply.Complete = true;
        reply.ScoreKind = ScoreKind.Cosine;
        while (reply.Hits.Count < Hits) reply.Hits.Add(new Hit { Id = new Id() });
        for (int i = 0; i < Hits; i++)
        {
            reply.Hits[i].Id.Number = 1_000_000 + (ulong)i * 7919;
            reply.Hits[i].Score = 1f / (i + 1);
        }
    }

    /// <summary>A message as it travels: flag, length, bytes.</summary>
    public static byte[] Frame(IMessage message)
    {
        byte[] frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)(frame.Length - 5));
        message.WriteTo(frame.AsSpan(5));
        return frame;
    }
}
