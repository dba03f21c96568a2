using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Tests.Model;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>Every file operation of a store may fail, and the power may end within it.</summary>
public sealed class CollectionFaultTests
{
    private const int Steps = 30;
    private static readonly int Samples = 16 * Math.Max(1, 20 * LongRun.Minutes);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_failing_operation_is_refused_typed_and_loses_nothing(int seed)
    {
        int operations = await Count(seed);
        var random = new Random(seed);
        Fault[] faults = [Fault.NoSpace, Fault.ShortWrite, Fault.DeviceError];
        for (int sample = 0; sample < Samples; sample++)
        {
            int at = 1 + random.Next(operations);
            Fault fault = faults[sample % faults.Length];
            using var workload = new FaultWorkload(seed, $"{fault} at operation {at} of {operations}");
            workload.Layer.FailAt(at, fault);
            await workload.Run(Steps);
            await workload.VerifyRunning();
            workload.CrashAndVerify();
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_loss_of_power_at_any_operation_loses_nothing_acknowledged(int seed)
    {
        int operations = await Count(seed);
        var random = new Random(seed);
        for (int sample = 0; sample < Samples; sample++)
        {
            int at = 1 + random.Next(operations);
            using var workload = new FaultWorkload(seed, $"crash at operation {at} of {operations}");
            workload.Layer.FailAt(at, Fault.Crash);
            await workload.Run(Steps);
            workload.CrashAndVerify();
        }
    }

    private static async Task<int> Count(int seed)
    {
        using var workload = new FaultWorkload(seed, "without a fault");
        await workload.Run(Steps);
        await workload.VerifyRunning();
        int operations = workload.Layer.Operations;
        workload.CrashAndVerify();
        Assert.True(operations > 200, $"seed {seed}: only {operations} operations: the test tests little");
        return operations;
    }
}
