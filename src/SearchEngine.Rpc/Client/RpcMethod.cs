using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SearchEngine.Rpc.Client;

/// <summary>A method of a contract with its message types, checked against the descriptor once.</summary>
public sealed class RpcMethod<TRequest, TReply>
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    /// <exception cref="ArgumentException">The service has no such method, or its types are others.</exception>
    public RpcMethod(ServiceDescriptor service, string name)
    {
        Descriptor = service.FindMethodByName(name) ?? throw new ArgumentException($"{service.FullName} has no method {name}.", nameof(name));
        if (Descriptor.InputType.ClrType != typeof(TRequest) || Descriptor.OutputType.ClrType != typeof(TReply))
        {
            throw new ArgumentException(
                $"{Descriptor.FullName} takes {Descriptor.InputType.Name} and gives {Descriptor.OutputType.Name}, " +
                $"not {typeof(TRequest).Name} and {typeof(TReply).Name}.", nameof(name));
        }
        Path = $"/{service.FullName}/{name}";
        Parser = (MessageParser<TReply>)Descriptor.OutputType.Parser;
    }

    public MethodDescriptor Descriptor { get; }

    public string Path { get; }

    /// <summary>True when the contract says (<c>idempotency_level</c>) that a second attempt does no harm.</summary>
    public bool IsIdempotent => Descriptor.GetOptions() is { } options
        && options.IdempotencyLevel != MethodOptions.Types.IdempotencyLevel.IdempotencyUnknown;

    internal MessageParser<TReply> Parser { get; }

    /// <summary>Refuses a call of another shape than the contract's.</summary>
    internal void Require(string shape, bool clientStreams, bool serverStreams)
    {
        if (Descriptor.IsClientStreaming == clientStreams && Descriptor.IsServerStreaming == serverStreams) return;
        throw new InvalidOperationException($"{Path} is no {shape} method.");
    }
}
