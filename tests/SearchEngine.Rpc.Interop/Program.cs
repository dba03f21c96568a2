using System.CommandLine;
using SearchEngine.Rpc.Interop;
using SearchEngine.Rpc.Server;
using SearchEngine.Testing;

var port = new Option<int>("--port") { Description = "Where to listen on 127.0.0.1; 0 takes a free port.", DefaultValueFactory = _ => 0 };
var useTls = new Option<bool>("--tls", "--use_tls")
{
    Description = "Serve TLS: with --cert and --key, or with certificates made for this run (their authority is printed).",
};
var cert = new Option<string?>("--cert") { Description = "PEM of the server's certificate." };
var key = new Option<string?>("--key") { Description = "PEM of its private key." };
var root = new RootCommand("The services of gRPC's interoperability tests, served by SearchEngine.Rpc.") { port, useTls, cert, key };
root.SetAction(async (arguments, cancellation) =>
{
    DirectoryInfo? made = null;
    try
    {
        TlsOptions? tls = null;
        if (arguments.GetValue(useTls) && arguments.GetValue(cert) is { } path)
        {
            tls = new TlsOptions { CertificatePath = path, KeyPath = arguments.GetValue(key) ?? throw new ArgumentException("--cert needs --key.") };
        }
        else if (arguments.GetValue(useTls))
        {
            made = Directory.CreateTempSubdirectory("interop-tls-");
            var certificates = LoopbackCertificates.Create(made.FullName, TimeProvider.System);
            tls = new TlsOptions { CertificatePath = certificates.Server, KeyPath = certificates.ServerKey };
            Console.WriteLine($"CA {certificates.Authority}");
        }
        await using RpcServer server = await InteropServer.StartAsync(arguments.GetValue(port), tls);
        Console.WriteLine($"LISTENING {server.EndPoint.Port}");
        await server.WaitForShutdownAsync(cancellation);
    }
    finally
    {
        made?.Delete(recursive: true);
    }
});
return await root.Parse(args).InvokeAsync();
