using System.Globalization;
using Google.Protobuf;
using SearchEngine.Cli.Remote;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Admin;

/// <summary>Operations that report progress and then a result. They have no time limit; what Ctrl-C does to each, the contract says.</summary>
internal static class LongWork
{
    public static async Task<TReport> RunAsync<TRequest, TFrame, TReport>(
        Session session, RpcMethod<TRequest, TFrame> method, TRequest request, Func<TFrame, Wire.Progress?> progress, Func<TFrame, TReport?> report,
        CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TFrame : class, IMessage<TFrame>
        where TReport : class
    {
        TReport? result = null;
        string phase = "";
        await session.ReadAsync(method, request, new CallOptions(), frame =>
        {
            result = report(frame) ?? result;
            if (progress(frame) is { } news && news.Phase != phase && session.Form == OutputForm.Text)
            {
                phase = news.Phase;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{phase}: {news.Done} of {news.Total}"));
            }
        }, cancel).ConfigureAwait(false);
        return result ?? throw new InputException("The server closed the stream without a result.");
    }
}
