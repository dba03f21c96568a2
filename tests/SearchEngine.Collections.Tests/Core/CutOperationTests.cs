using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Tests.Model;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>Each operation of a store that takes several steps is cut at every one of them.</summary>
public sealed class CutOperationTests
{
    /// <summary>Stores side by side: they wait for their upkeep most of the time.</summary>
    private const int Stores = 16;

    /// <summary>Ways to lose what is not synced, behind an operation that was acknowledged.</summary>
    private static readonly int AfterTheEnd = 8 * Math.Max(1, 10 * LongRun.Minutes);

    public static TheoryData<StoreOperation> Operations => [.. Enum.GetValues<StoreOperation>()];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_loss_of_power_at_any_step_leaves_the_old_or_the_new_state(StoreOperation operation)
    {
        int steps = await Count(operation);
        await AtEach(steps, async step =>
        {
            using CutOperation cut = await CutOperation.Prepare(operation, step, $"power lost at step {step} of {steps}");
            cut.FailAt(step, Fault.Crash);
            bool done = await cut.Run();
            Assert.True(cut.Layer.HasCrashed, $"{operation} took less than {step} steps this time: what counts them is at fault");
            await cut.CrashAndVerify(done);
        });
        await AtEach(AfterTheEnd, async seed =>
        {
            using CutOperation cut = await CutOperation.Prepare(operation, steps + seed, "power lost after the acknowledgement");
            Assert.True(await cut.Run(), $"{operation} without a fault was refused");
            await cut.CrashAndVerify(done: true);
        });
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_step_that_fails_is_refused_typed_and_the_operation_can_be_done_again(StoreOperation operation)
    {
        Fault[] faults = [Fault.DeviceError, Fault.NoSpace];
        int steps = await Count(operation);
        await AtEach(2 * steps, async number =>
        {
            // Every step twice: going on, and with the power lost right after the refusal.
            int step = (number + 1) / 2;
            bool goesOn = number % 2 == 0;
            Fault fault = goesOn ? faults[step % faults.Length] : Fault.DeviceError;
            using CutOperation cut = await CutOperation.Prepare(operation, number, $"{fault} at step {step} of {steps}");
            cut.FailAt(step, fault);
            bool done = await cut.Run();
            if (!done && goesOn)
            {
                await cut.GoOn();
            }
            await cut.CrashAndVerify(done);
        });
    }

    private static async Task<int> Count(StoreOperation operation)
    {
        using CutOperation cut = await CutOperation.Prepare(operation, 0, "without a fault");
        int before = cut.Layer.Operations;
        Assert.True(await cut.Run(), $"{operation} without a fault was refused");
        int steps = cut.Layer.Operations - before;
        Assert.True(steps > 3, $"{operation} takes {steps} steps: the test tests nothing");
        await cut.CrashAndVerify(done: true);
        return steps;
    }

    private static Task AtEach(int count, Func<int, Task> test) => Parallel.ForEachAsync(
        Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = Stores }, async (number, _) => await test(number));
}
