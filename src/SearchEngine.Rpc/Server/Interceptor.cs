namespace SearchEngine.Rpc.Server;

/// <summary>The rest of a call: the next interceptor, or the handler itself.</summary>
public delegate ValueTask CallDelegate(ServerCall call);

/// <summary>
/// One step around every call, before its first message is read. It may refuse the call by throwing
/// <see cref="RpcException"/>. Interceptors are shared by all calls and hold no state of any one of them.
/// </summary>
public interface IInterceptor
{
    ValueTask InvokeAsync(ServerCall call, CallDelegate next);
}
