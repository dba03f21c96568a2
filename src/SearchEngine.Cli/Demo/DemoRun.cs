using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Demo;

/// <summary>The whole demo, one step after the other.</summary>
internal sealed class DemoRun(DemoOptions options)
{
    /// <summary>Of one call: the machine may be busy, and nothing here takes long.</summary>
    private static readonly TimeSpan CallTime = TimeSpan.FromMinutes(1);

    private readonly DemoFiles _files = new();

    public async Task RunAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(options.Data);
        DemoModels models = await DemoModels.FindOrTrainAsync(options.Data, _files, Say, cancel).ConfigureAwait(false);
        Say("Starting the encoder and the search server ...");
        await using DemoServers servers = await DemoServers.StartAsync(options, models, cancel).ConfigureAwait(false);
        using var session = new Session(servers.SearchAddress, new RpcChannelOptions(), CallTime, options.Form);
        DemoReport report = await TourAsync(servers, session, models, cancel).ConfigureAwait(false);
        if (options.Form == OutputForm.Json)
        {
            Screen.Line(report.Json());
        }
        if (options.Ending == DemoEnding.EndsWithTour) return;
        DemoText.Next(report, options.Data, Say);
        await servers.StayAsync(cancel).ConfigureAwait(false);
        Say("\nBoth servers end. The data stay; the next `searchengine demo` makes its collection anew.");
    }

    private async Task<DemoReport> TourAsync(DemoServers servers, Session session, DemoModels models, CancellationToken cancel)
    {
        DemoText.Servers(servers, models, Say);
        Wire.ModelDescription encoder = await EncoderAsync(servers, cancel).ConfigureAwait(false);
        DemoCollection.ImportFacts import = await DemoCollection.MakeAsync(session, _files, encoder, cancel).ConfigureAwait(false);
        DemoText.Imported(import, Say);
        var search = new DemoSearch(session);
        IReadOnlyList<StageResult> stages = await new DemoTour(_files, search).RunAsync(cancel).ConfigureAwait(false);
        var refusals = await new DemoRefusals(session, servers.EncoderAddress, encoder).RunAsync(cancel).ConfigureAwait(false);
        if (options.Form == OutputForm.Text)
        {
            DemoText.Stages(stages);
            DemoText.Refusals(refusals);
        }
        Say($"\nAsking all {_files.Questions.Count} questions ...");
        var evaluation = await new DemoEvaluation(_files, search).RunAsync(cancel).ConfigureAwait(false);
        if (options.Form == OutputForm.Text)
        {
            DemoText.Evaluation(evaluation, models);
        }
        return new DemoReport(servers.SearchAddress, servers.EncoderAddress, models, import, stages, refusals, evaluation);
    }

    private static async Task<Wire.ModelDescription> EncoderAsync(DemoServers servers, CancellationToken cancel)
    {
        using var channel = new RpcChannel(servers.EncoderAddress);
        return await EncoderLookup.FirstAsync(channel, "", CallTime, cancel).ConfigureAwait(false);
    }

    /// <summary>To people; a program that reads JSON gets the news on standard error.</summary>
    private void Say(string line) => (options.Form == OutputForm.Json ? Console.Error : Console.Out).WriteLine(line);
}
