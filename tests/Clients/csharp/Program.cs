using SearchEngine.Rpc.Client;
using SearchTour;

// A tour of the search API against a running `searchengine serve`, one line a step:
//     dotnet run -c Release --project tests/Clients/csharp -- --server localhost:7700
string server = args is ["--server", var given] ? given : "localhost:7700";
using var channel = new RpcChannel(new Uri($"http://{server}"));
foreach ((string name, Func<Task<string>> run) in new Tour(channel).Steps)
{
    try
    {
        Console.WriteLine($"PASS {name}: {await run()}");
    }
    catch (Exception wrong)
    {
        Console.WriteLine($"FAIL {name}: {wrong.Message}");
        return 1;
    }
}
return 0;
