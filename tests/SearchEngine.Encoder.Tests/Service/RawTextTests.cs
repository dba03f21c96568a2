using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using SearchEngine.Models.Testing;
using Xunit;

namespace SearchEngine.Encoder.Tests.Service;

/// <summary>Bytes that no client library would send: a string that is not UTF-8 must not be encoded as another text.</summary>
public sealed class RawTextTests
{
    private const string Internal = "13", Ok = "0";

    [Theory]
    [InlineData("\u00c3\u0028", "an unfinished sequence")]
    [InlineData("\u00ff\u00fe", "bytes that UTF-8 never has")]
    [InlineData("\u00ed\u00a0\u0080", "a surrogate")]
    [InlineData("\u00f0\u009f\u0098", "a cut emoji, which would be replaced by as many bytes")]
    public async Task A_text_that_is_not_utf8_is_refused_with_its_field(string latin, string what)
    {
        using var folder = TestFolder.OfAllHeads();
        await using var encoder = await RunningEncoder.StartAsync(folder);
        var bytes = Encoding.Latin1.GetBytes(latin);
        var (status, message) = await SendAsync(encoder.Address, bytes);
        Assert.True(status == Internal, $"{what} gave status {status}.");
        Assert.Contains("texts", message, StringComparison.Ordinal);
        // The place where it stood was the only thing wrong.
        Assert.Equal(Ok, (await SendAsync(encoder.Address, Encoding.ASCII.GetBytes(new string('a', bytes.Length)))).Status);
        // U+FFFD itself is a character like any other.
        Assert.Equal(Ok, (await SendAsync(encoder.Address, Encoding.UTF8.GetBytes("\ufffd"))).Status);
    }

    private static async Task<(string Status, string Message)> SendAsync(Uri address, byte[] text)
    {
        const string Mark = "@@@@@@@@";
        const int Prefix = 5;
        var request = new Wire.EncodeRequest { Options = new Wire.EncodeOptions { Side = Wire.Side.Query } };
        request.Texts.Add(Mark[..text.Length]);
        var bytes = request.ToByteArray();
        text.CopyTo(bytes, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark[..text.Length])));
        var frame = new byte[Prefix + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, Prefix);
        using var http = new HttpClient();
        using var post = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/searchengine.v1.Encoder/Encode"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        post.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        post.Headers.TE.ParseAdd("trailers");
        using var reply = await http.SendAsync(post, TestContext.Current.CancellationToken);
        await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return (Header(reply, "grpc-status"), Header(reply, "grpc-message"));
    }

    private static string Header(HttpResponseMessage reply, string name) =>
        reply.TrailingHeaders.TryGetValues(name, out var values) || reply.Headers.TryGetValues(name, out values) ? values.Single() : "";
}
