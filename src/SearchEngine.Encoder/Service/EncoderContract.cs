using SearchEngine.Encoder.Calls;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Service;

/// <summary>The service of the contract with its message limits.</summary>
internal static class EncoderContract
{
    // Framing of the largest frame.
    private const int FrameSlack = 1_024;

    public static RpcService Bind(EncoderService handlers)
    {
        var descriptor = Wire.EncoderReflection.Descriptor.Services.Single();
        var service = RpcService.Bind(descriptor, handlers);
        foreach (var method in descriptor.Methods)
        {
            // Callers may ask for larger replies than most clients take; every call keeps to what its caller asked for.
            service.Limit(method.Name, new MessageLimits
            {
                MaxReplyBytes = Envelope.MaxReplyBytes,
                MaxRequestBytes = method.IsClientStreaming ? TextLimits.FrameBytes + FrameSlack : TextLimits.RequestBytes + FrameSlack,
            });
        }
        return service;
    }
}
