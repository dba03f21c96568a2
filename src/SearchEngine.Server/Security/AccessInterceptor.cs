using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Security;

/// <summary>
/// The one door: finds out who calls, by key or client certificate, and whether the method is allowed, before anything of the request is
/// read. Health is open to all, reflection to any key. Without keys everybody may do everything; the server starts so only where
/// nobody else can reach it.
/// </summary>
/// <param name="keys">Null for open access.</param>
internal sealed class AccessInterceptor(KeyRing? keys) : IInterceptor
{
    private const string Scheme = "Bearer ";
    private const string Health = "grpc.health.v1.Health";
    private const string OwnPackage = "searchengine.v1";

    public ValueTask InvokeAsync(ServerCall call, CallDelegate next)
    {
        if (keys is not null && call.Method.Descriptor.Service.FullName != Health)
        {
            Caller caller = Identify(call, keys.Current);
            // Known from here on, also to the logs of a refusal.
            call.Principal = caller;
            Admit(call, caller);
        }
        return next(call);
    }

    private static void Admit(ServerCall call, Caller caller)
    {
        if (call.Method.Descriptor.File.Package != OwnPackage)
        {
            return;
        }
        Permissions any = MethodPermissions.Of(call.Method.Descriptor)
            ?? throw new InvalidOperationException($"Nobody has decided who may call {call.Method}.");
        if ((caller.Permissions & any) == 0)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.Permission, "", $"The key \"{Refusal.Shown(caller.Name)}\" does not allow {call.Method.Descriptor.FullName}.",
                    $"Use a key with the permission {MethodPermissions.Words(any)}.")
                .With("permission", MethodPermissions.Words(any));
        }
    }

    private static Caller Identify(ServerCall call, KeyTable keys)
    {
        if (call.Authorization is { Length: > 0 } header)
        {
            return (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? keys.Find(header[Scheme.Length..].Trim()) : null)
                ?? throw Refused("The credentials are not accepted.");
        }
        return call.ClientCertificate is { } certificate && keys.FindCertificate(certificate.Subject) is { } known
            ? known
            : throw Refused("The call carries no credentials.");
    }

    private static RpcException Refused(string what) => Refusal.Of(
        Wire.ErrorReason.Credentials, "", what, "Send a key of this server as metadata: authorization: Bearer <key>.");
}
