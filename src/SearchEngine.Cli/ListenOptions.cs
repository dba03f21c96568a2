using System.CommandLine;
using System.Net;
using SearchEngine.Cli.Remote;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Cli;

/// <summary>The options of every command that serves: address, TLS and how long it drains.</summary>
internal sealed class ListenOptions(int defaultPort)
{
    private const double LongestDrain = 3600;

    private readonly Option<string> _host = new("--host") { DefaultValueFactory = _ => "127.0.0.1", Description = "IP address to listen on." };
    private readonly Option<int> _port = new("--port") { DefaultValueFactory = _ => defaultPort, Description = "Port to listen on; 0 takes a free one." };
    private readonly Option<string?> _certificate = new("--tls-cert") { Description = "PEM file with the server's certificate; serves TLS. Read again when it changes." };
    private readonly Option<string?> _key = new("--tls-key") { Description = "PEM file with the certificate's unencrypted private key." };
    private readonly Option<string?> _clientAuthority = new("--tls-client-ca") { Description = "PEM file; clients have to show a certificate from this authority." };
    private readonly Option<double> _drain = new("--drain-seconds") { DefaultValueFactory = _ => 5, Description = "How long calls in progress may go on after SIGTERM." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_host, _port, _certificate, _key, _clientAuthority, _drain])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="UsageException">An option makes no sense, or two do not fit each other.</exception>
    public RpcServerOptions Read(ParseResult parsed) => new()
    {
        Listen = new IPEndPoint(Address(parsed), Port(parsed)),
        DrainTime = Drain(parsed),
        Tls = Tls(parsed),
    };

    private IPAddress Address(ParseResult parsed)
    {
        string host = parsed.GetRequiredValue(_host);
        return IPAddress.TryParse(host, out IPAddress? address)
            ? address
            : throw new UsageException($"--host: '{host}' is no IP address; 0.0.0.0 listens on all of them.");
    }

    private int Port(ParseResult parsed)
    {
        int port = parsed.GetRequiredValue(_port);
        return port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort
            ? port
            : throw new UsageException($"--port: {port} is no port; ports are 0 to {IPEndPoint.MaxPort}.");
    }

    private TimeSpan Drain(ParseResult parsed)
    {
        double seconds = parsed.GetRequiredValue(_drain);
        return seconds is >= 0 and <= LongestDrain
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--drain-seconds: {seconds} is no time; it has to be 0 to {LongestDrain} seconds.");
    }

    private TlsOptions? Tls(ParseResult parsed)
    {
        (string? certificate, string? key, string? authority) =
            (parsed.GetValue(_certificate), parsed.GetValue(_key), parsed.GetValue(_clientAuthority));
        if (certificate is null && key is null && authority is null) return null;
        if (certificate is null || key is null) throw new UsageException("--tls-cert and --tls-key only work together, and --tls-client-ca needs both.");
        return new TlsOptions
        {
            CertificatePath = certificate,
            KeyPath = key,
            ClientAuthorityPath = authority,
            ClientCertificates = authority is null ? ClientCertificates.Ignored : ClientCertificates.Required,
        };
    }
}
