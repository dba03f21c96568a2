using System.CommandLine;
using SearchEngine.Rpc.Interop;
using SearchEngine.Rpc.Server;

var port = new Option<int>("--port") { Description = "Where to listen on 127.0.0.1; 0 takes a free port.", DefaultValueFactory = _ => 0 };
var useTls = new Option<bool>("--tls", "--use_tls")
{
    Description = "Serve TLS: with --cert and --key, or with certificates made for this run (their folder is printed).",
};
var cert = new Option<string?>("--cert") { Description = "PEM of the server's certificate." };
var key = new Option<string?>("--key") { Description = "PEM of its private key." };
var root = new RootCommand("The services of gRPC's interoperability tests, served by SearchEngine.Rpc.") { port, useTls, cert, key };
root.SetAction(async (arguments, cancellation) =>
{
    TlsOptions? tls = null;
    if (arguments.GetValue(useTls))
    {
        LoopbackCertificates? made = null;
        if (arguments.GetValue(cert) is null)
        {
            made = LoopbackCertificates.Create(Directory.CreateTempSubdirectory("interop-tls-").FullName, TimeProvider.System);
            Console.WriteLine($"CA {made.Authority}");
        }
        tls = new TlsOptions
        {
            CertificatePath = arguments.GetValue(cert) ?? made!.Server,
            KeyPath = arguments.GetValue(key) ?? made?.ServerKey ?? throw new ArgumentException("--cert needs --key."),
        };
    }
    await using RpcServer server = await InteropServer.StartAsync(arguments.GetValue(port), tls);
    Console.WriteLine($"LISTENING {server.EndPoint.Port}");
    await server.WaitForShutdownAsync(cancellation);
});
return await root.Parse(args).InvokeAsync();
