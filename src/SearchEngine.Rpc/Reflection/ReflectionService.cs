using Google.Protobuf;
using SearchEngine.Rpc.Reflection.V1;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Rpc.Reflection;

/// <summary>grpc.reflection.v1: what this server serves, for clients that build themselves from it.</summary>
internal sealed class ReflectionService(ServedContract contract)
{
    /// <summary>Both versions of the service, which list themselves too.</summary>
    public static IEnumerable<RpcService> Bind(IReadOnlyList<RpcService> services)
    {
        var described = new List<RpcService>(services);
        // The contract is read at the first call, when the list below is complete.
        var contract = new Lazy<ServedContract>(() => new ServedContract(described, [Google.Rpc.ErrorDetailsReflection.Descriptor]));
        RpcService v1 = RpcService.Bind(ReflectionReflection.Descriptor.Services.Single(), new Entry(contract));
        RpcService v1Alpha = RpcService.Bind(V1Alpha.ReflectionReflection.Descriptor.Services.Single(), new AlphaEntry(contract));
        described.AddRange([v1, v1Alpha]);
        return [v1, v1Alpha];
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request, HashSet<string> sent)
    {
        var reply = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                reply.ListServicesResponse = new ListServiceResponse();
                reply.ListServicesResponse.Service.Add(contract.Services.Select(name => new ServiceResponse { Name = name }));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Files(reply, contract.FileByName(request.FileByFilename), request.FileByFilename, sent);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Files(reply, contract.FileBySymbol(request.FileContainingSymbol), request.FileContainingSymbol, sent);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when contract.IsMessage(request.AllExtensionNumbersOfType):
                // proto3 messages have no extensions.
                reply.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            default:
                reply.ErrorResponse = NotFound($"Nothing found for {request}.");
                break;
        }
        return reply;
    }

    private static void Files(
        ServerReflectionResponse reply, IReadOnlyList<(string Name, ByteString Proto)> files, string asked, HashSet<string> sent)
    {
        if (files.Count == 0)
        {
            reply.ErrorResponse = NotFound($"'{asked}' is not part of what this server serves.");
            return;
        }
        reply.FileDescriptorResponse = new FileDescriptorResponse();
        // The file asked for is always sent; an import only if this stream has not carried it yet.
        foreach ((string name, ByteString proto) in files)
        {
            if (sent.Add(name) || name == files[0].Name) reply.FileDescriptorResponse.FileDescriptorProto.Add(proto);
        }
    }

    private static ErrorResponse NotFound(string message) => new() { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = message };

    private sealed class Entry(Lazy<ServedContract> contract)
    {
        public async ValueTask ServerReflectionInfo(
            RequestStream<ServerReflectionRequest> requests, ReplyStream<ServerReflectionResponse> replies, ServerCall call)
        {
            var service = new ReflectionService(contract.Value);
            var sent = new HashSet<string>(StringComparer.Ordinal);
            while (await requests.ReadAsync().ConfigureAwait(false) is { } request)
            {
                await replies.WriteAsync(service.Answer(request, sent)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>v1alpha has the same messages on the wire under another package name.</summary>
    private sealed class AlphaEntry(Lazy<ServedContract> contract)
    {
        public async ValueTask ServerReflectionInfo(
            RequestStream<V1Alpha.ServerReflectionRequest> requests, ReplyStream<V1Alpha.ServerReflectionResponse> replies, ServerCall call)
        {
            var service = new ReflectionService(contract.Value);
            var sent = new HashSet<string>(StringComparer.Ordinal);
            while (await requests.ReadAsync().ConfigureAwait(false) is { } request)
            {
                ServerReflectionResponse answer = service.Answer(ServerReflectionRequest.Parser.ParseFrom(request.ToByteString()), sent);
                await replies.WriteAsync(V1Alpha.ServerReflectionResponse.Parser.ParseFrom(answer.ToByteString())).ConfigureAwait(false);
            }
        }
    }
}
