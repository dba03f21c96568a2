using System.Runtime.CompilerServices;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Encoders.Canaries;

/// <summary>
/// Which builds of a vector's space may encode for it. The build that gave the canary vectors may at once, and is checked beside the texts
/// that come, at the first one and then as often as its collection wants; another one is checked before its first text. One that fails encodes nothing until it passes.
/// </summary>
internal sealed class CanaryWatch(EncoderPool pool, CanaryMeasurement measurement, EncoderSettings settings, CanaryIntervals intervals)
{
    private readonly ConditionalWeakTable<VectorSchema, CanaryBoard> _boards = [];

    /// <summary>The last check of a vector's canaries; null before the first in this process.</summary>
    public Wire.CanaryReport? Last(VectorSchema vector) => _boards.TryGetValue(vector, out CanaryBoard? board) ? board.Last : null;

    /// <summary>The canaries of a vector were encoded a moment ago: its build needs no check before the next is due.</summary>
    public void Begin(VectorSchema vector)
    {
        if (BoundSpace.Of(vector) is { Binding: { Canaries.Count: > 0, Build.Length: > 0 } binding })
        {
            BoardOf(vector).Trust(binding.Build, settings.Time.GetTimestamp());
        }
    }

    /// <summary>Checks every build that is connected now; the report is that of the build with the least cosine.</summary>
    /// <param name="field">What asks for it, for the error.</param>
    /// <exception cref="Rpc.RpcException">ENCODER_NONE, ENCODER_DOWN, ENCODER_MISMATCH: nothing was compared.</exception>
    public async Task<Wire.CanaryReport> CheckAsync(VectorSchema vector, string field, CancellationToken cancel)
    {
        IReadOnlyList<EncoderModel> models = await pool.OfVectorAsync(vector, field, cancel).ConfigureAwait(false);
        if (BoundSpace.Of(vector)!.Binding.Canaries.Count == 0)
        {
            return new Wire.CanaryReport { Passed = true, LeastCosine = 1, Fingerprint = models[0].Description.Fingerprint };
        }
        Wire.CanaryReport[] reports = await Task.WhenAll(models.GroupBy(static m => m.Build, StringComparer.Ordinal).Select(build => Check(vector, [.. build])))
            .WaitAsync(cancel).ConfigureAwait(false);
        return reports.MinBy(static report => report.LeastCosine)!;
    }

    /// <summary>Checks one build.</summary>
    /// <returns>Null where no connected encoder of the space has it.</returns>
    /// <exception cref="Rpc.RpcException">ENCODER_NONE, ENCODER_DOWN, ENCODER_MISMATCH: nothing was compared.</exception>
    public async Task<Wire.CanaryReport?> CheckAsync(VectorSchema vector, string build, string field, CancellationToken cancel)
    {
        IReadOnlyList<EncoderModel> models = await pool.OfVectorAsync(vector, field, cancel).ConfigureAwait(false);
        EncoderModel[] alike = [.. models.Where(model => model.Build == build)];
        if (alike.Length == 0)
        {
            return null;
        }
        return BoundSpace.Of(vector)!.Binding.Canaries.Count == 0
            ? new Wire.CanaryReport { Passed = true, LeastCosine = 1, Fingerprint = alike[0].Description.Fingerprint }
            : await Check(vector, alike).WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Those of a vector's models whose build may encode for it; a build that was never seen is checked first.</summary>
    /// <exception cref="Rpc.RpcException">ENCODER_DRIFT: none may.</exception>
    public async ValueTask<IReadOnlyList<EncoderModel>> TrustedAsync(VectorSchema vector, IReadOnlyList<EncoderModel> models, CancellationToken cancel)
    {
        if (BoundSpace.Of(vector) is not { Binding: { Canaries.Count: > 0 } binding })
        {
            return models;
        }
        CanaryBoard board = BoardOf(vector);
        List<EncoderModel>? trusted = null;
        Wire.CanaryReport? failed = null;
        foreach (IGrouping<string, EncoderModel> build in models.GroupBy(static m => m.Build, StringComparer.Ordinal))
        {
            Wire.CanaryReport? report = board.Of(build.Key)?.Report;
            if (report is null && build.Key != binding.Build)
            {
                report = await Check(vector, [.. build]).WaitAsync(cancel).ConfigureAwait(false);
            }
            else if (IsDue(vector, board.Of(build.Key)))
            {
                Observe(Check(vector, [.. build]));
            }
            if (report is { Passed: false })
            {
                failed = report;
            }
            else
            {
                (trusted ??= []).AddRange(build);
            }
        }
        if (trusted is null)
        {
            // The right build may be back already; nothing is sent that would tell.
            pool.Distrust();
            throw EncoderErrors.Drift(vector.Name, failed!);
        }
        return trusted;
    }

    private Task<Wire.CanaryReport> Check(VectorSchema vector, IReadOnlyList<EncoderModel> models) =>
        // Nobody's call: whoever waits for it may go, and others wait for the same one.
        BoardOf(vector).Begin(
            models[0].Build, settings.Time.GetTimestamp(), () => measurement.RunAsync(vector, models, "canaries", settings.CanaryTimeout, CancellationToken.None));

    /// <summary>A build that failed is asked again soon, so that an encoder that was repaired is found; one that was never checked, at once.</summary>
    private bool IsDue(VectorSchema vector, CanaryBoard.BuildState? state) =>
        state is null || settings.Time.GetElapsedTime(state.Asked) >= (state.Report is { Passed: false } ? settings.DriftRetry : intervals.Of(vector));

    /// <summary>A check that could not be made says nothing of the build, which stays as it was: the calls' own metrics count the failure.</summary>
    private static void Observe(Task check) => _ = check.ContinueWith(
        static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private CanaryBoard BoardOf(VectorSchema vector) => _boards.GetValue(vector, static _ => new CanaryBoard());
}
