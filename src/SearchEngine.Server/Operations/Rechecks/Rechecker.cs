using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Operations.Rechecks;

/// <summary>
/// Runs sampled searches again exactly while a processor is idle. It takes no place at the desk and gives way at once: as soon as a search has to
/// wait, what it does is cancelled and tried again later, a few times.
/// </summary>
internal sealed class Rechecker : IDisposable
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan LookAround = TimeSpan.FromMilliseconds(5);

    private readonly RecheckQueue _queue;
    private readonly RecheckBook _book;
    private readonly AdmissionDesk _desk;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _running;

    public Rechecker(RecheckQueue queue, RecheckBook book, AdmissionDesk desk, TimeProvider time, ILogger log)
    {
        _queue = queue;
        _book = book;
        _desk = desk;
        _time = time;
        _log = log;
        _running = Task.Run(RunAsync);
    }

    public void Dispose()
    {
        _closing.Cancel();
        _running.Wait();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using Sample? sample = await _queue.NextAsync(_closing.Token).ConfigureAwait(false);
                if (sample is not null)
                {
                    await CheckAsync(sample).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task CheckAsync(Sample sample)
    {
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            while (!_desk.IsIdle)
            {
                await Task.Delay(LookAround, _time, _closing.Token).ConfigureAwait(false);
                _queue.DropStale();
                if (_queue.IsStale(sample))
                {
                    _book.Drop();
                    return;
                }
            }
            using var yields = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            await using ITimer watch = _time.CreateTimer(_ => GiveWay(yields), null, LookAround, LookAround);
            try
            {
                Check(sample, yields.Token);
                return;
            }
            catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
            {
                // Somebody needs the processor more.
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Whatever one sample meets, the next one is checked.
                ServerLog.RecheckFailed(_log, failure);
                break;
            }
        }
        _book.Drop();
    }

    private void GiveWay(CancellationTokenSource yields)
    {
        if (_desk.IsCrowded)
        {
            yields.Cancel();
        }
    }

    private void Check(Sample sample, CancellationToken cancel)
    {
        Engine.SearchRequest request = sample.Request with { Accuracy = Engine.Accuracy.Exact, AllowPartial = false, WalkDimension = null };
        Engine.SearchResult exact = sample.View.Search(request, cancel);
        Recheck recheck = Recheck.Of(sample.Result.Hits, exact.Hits);
        var wrong = recheck.Missed.Count == 0 ? null : Describe(sample, recheck, MissDiagnosis.Of(sample, recheck, cancel));
        _book.Add(sample.Collection, recheck.Recall);
        if (wrong is not null)
        {
            _book.Wrong.Add(wrong);
            ServerLog.WrongSearch(_log, JsonFormatter.Default.Format(wrong));
        }
    }

    private static Wire.WrongSearch Describe(Sample sample, Recheck recheck, IReadOnlyList<(Engine.Hit Hit, int Rank, MissReason Reason)> missed)
    {
        var wrong = new Wire.WrongSearch
        {
            Arrived = Timestamp.FromDateTimeOffset(sample.Arrived),
            Collection = sample.Collection,
            Recall = (float)recheck.Recall,
            Claimed = PlanMap.Write(sample.Result.Recall),
            Plan = PlanMap.Write(sample.Result.Plan),
            RequestId = sample.RequestId,
        };
        wrong.Missed.Add(missed.OrderBy(static m => m.Rank).Select(m => new Wire.MissedHit
        {
            Id = IdMap.Write(m.Hit.Id),
            ExactRank = (uint)(sample.Request.Offset + m.Rank),
            Cause = m.Reason switch
            {
                MissReason.Quantization => Wire.MissCause.Quantization,
                MissReason.Filter => Wire.MissCause.Filter,
                // A walk that ends too early and a graph that leads nowhere are one cause to a caller: the walk does not find it.
                _ => Wire.MissCause.Graph,
            },
        }));
        return wrong;
    }
}
