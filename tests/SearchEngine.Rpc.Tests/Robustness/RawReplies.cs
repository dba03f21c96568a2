using System.Globalization;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using Xunit;

namespace SearchEngine.Rpc.Tests.Robustness;

/// <summary>What every reply has to be, whatever was sent.</summary>
internal static class RawReplies
{
    /// <summary>Null when the stream ended as the protocol allows; else what is wrong with it.</summary>
    public static string? Fault(RawStream stream)
    {
        // A reset, or a connection that went: allowed answers to a request that was not one.
        if (!stream.EndedInOrder) return null;
        if (stream.HeaderBlocks.Count is 0 or > 2) return $"{stream.HeaderBlocks.Count} header blocks";
        if (stream.HttpStatus != "200") return stream.HttpStatus is null ? "no :status" : null;
        string[] statuses = [.. stream.HeaderBlocks.SelectMany(block => block).Where(header => header.Name == "grpc-status").Select(header => header.Value)];
        if (statuses.Length != 1) return $"{statuses.Length} grpc-status";
        if (!int.TryParse(statuses[0], NumberStyles.None, CultureInfo.InvariantCulture, out int status) || status > 16) return $"grpc-status {statuses[0]}";
        if (stream.Header("content-type") != "application/grpc") return $"content-type {stream.Header("content-type")}";
        if (GrpcBytes.Split(stream.Data()) is null) return "a broken message in the reply";
        return null;
    }

    public static void AssertLawful(RawStream stream, string from)
    {
        if (Fault(stream) is { } fault) Assert.Fail($"{from}: {fault} in {stream}");
    }
}
