using System.Reflection;
using Google.Protobuf.Reflection;

namespace SearchEngine.Rpc.Server;

/// <summary>
/// A service of a contract and the object that serves it. A public method of that object whose name is an RPC's name serves
/// the RPC; its signature has to be the handler delegate of the RPC's shape (<see cref="UnaryHandler{TRequest,TReply}"/>,
/// <see cref="ServerStreamHandler{TRequest,TReply}"/>, <see cref="ClientStreamHandler{TRequest,TReply}"/>,
/// <see cref="DuplexHandler{TRequest,TReply}"/>). Adding an RPC is one line in a proto and one method in a handler.
/// </summary>
public sealed class RpcService
{
    private readonly Dictionary<string, ServerMethod> _methods = new(StringComparer.Ordinal);

    private RpcService(ServiceDescriptor descriptor) => Descriptor = descriptor;

    public ServiceDescriptor Descriptor { get; }

    public string Name => Descriptor.FullName;

    public IReadOnlyCollection<ServerMethod> Methods => _methods.Values;

    public bool IsServed => _methods.Values.Any(method => method.IsServed);

    /// <summary>Binds a handler object; throws when a public method of it cannot be the RPC its name says, or is no RPC at all.</summary>
    public static RpcService Bind(ServiceDescriptor descriptor, object handlers)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
        var candidates = handlers.GetType().GetMethods(Own)
            .Where(method => !method.IsSpecialName && method.GetParameters() is [.., { ParameterType: var last }] && last == typeof(ServerCall))
            .ToDictionary(method => method.Name, StringComparer.Ordinal);
        var service = new RpcService(descriptor);
        foreach (MethodDescriptor method in descriptor.Methods)
        {
            CallDelegate? handler = candidates.Remove(method.Name, out MethodInfo? code) ? BindMethod(method, handlers, code) : null;
            service._methods[method.Name] = new ServerMethod(method, new MessageLimits(), handler);
        }
        if (candidates.Count > 0)
        {
            throw new ArgumentException(
                $"{handlers.GetType().Name} has {string.Join(", ", candidates.Keys)}, which {descriptor.FullName} does not declare.", nameof(handlers));
        }
        return service;
    }

    /// <summary>A service of the contract that this server does not serve: every call of it is told so.</summary>
    public static RpcService Unserved(ServiceDescriptor descriptor)
    {
        var service = new RpcService(descriptor);
        foreach (MethodDescriptor method in descriptor.Methods) service._methods[method.Name] = new ServerMethod(method, new MessageLimits(), null);
        return service;
    }

    /// <summary>Its calls are taken while the server drains because its owner asked for that, so that the owner can look on or take it back.</summary>
    public RpcService ServeWhileDraining()
    {
        foreach (ServerMethod method in _methods.Values) method.IsServedWhileDraining = true;
        return this;
    }

    /// <summary>Sets the message limits of one method.</summary>
    public RpcService Limit(string methodName, MessageLimits limits)
    {
        limits.Validate();
        _methods[methodName].Limits = limits;
        return this;
    }

    private static CallDelegate BindMethod(MethodDescriptor method, object handlers, MethodInfo code)
    {
        string shape = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => nameof(Handlers.Unary),
            (false, true) => nameof(Handlers.ServerStream),
            (true, false) => nameof(Handlers.ClientStream),
            (true, true) => nameof(Handlers.Duplex),
        };
        MethodInfo adapt = typeof(Handlers).GetMethod(shape)!.MakeGenericMethod(method.InputType.ClrType, method.OutputType.ClrType);
        Type delegateType = adapt.GetParameters()[0].ParameterType;
        if (Delegate.CreateDelegate(delegateType, handlers, code, throwOnBindFailure: false) is not { } typed)
        {
            throw new ArgumentException(
                $"{code.DeclaringType!.Name}.{code.Name} does not fit {method.FullName}: it has to be a {Describe(delegateType)}.", nameof(handlers));
        }
        return (CallDelegate)adapt.Invoke(null, [typed, method.InputType.Parser])!;
    }

    private static string Describe(Type delegateType) =>
        $"{delegateType.Name[..delegateType.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", delegateType.GetGenericArguments().Select(type => type.Name))}>";
}
