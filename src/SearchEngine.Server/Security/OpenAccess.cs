using System.Net;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Configuration;

namespace SearchEngine.Server.Security;

/// <summary>Decides whether a server may start without keys.</summary>
internal static class OpenAccess
{
    /// <returns>Null for open access.</returns>
    /// <exception cref="ConfigurationException">Other machines could connect, and nobody has said that they may.</exception>
    public static KeyRing? Keys(SecurityOptions security, RpcServerOptions rpc, ILogger log)
    {
        bool isLocal = IPAddress.IsLoopback(rpc.Listen.Address);
        if (security.KeyFile is { } file)
        {
            if (rpc.Tls is null && !isLocal)
            {
                ServerLog.KeysInTheClear(log, rpc.Listen.ToString());
            }
            return new KeyRing(file, rpc.Time, log);
        }
        if (!isLocal && !security.AllowOpenAccess)
        {
            throw new ConfigurationException(
                "security.keys", 0, $"No key file is set and the server would listen on {rpc.Listen.Address}: whoever reaches it could read and delete everything.",
                "Make keys with `searchengine keys create` and pass --keys, listen on 127.0.0.1, or say --insecure.");
        }
        if (!isLocal)
        {
            ServerLog.OpenAccess(log, $"Whoever reaches {rpc.Listen} may do everything, as --insecure asked for.");
        }
        return null;
    }
}
