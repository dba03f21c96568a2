using SearchEngine.Collections.Tests.Faults;
using Xunit;

namespace SearchEngine.Collections.Tests.Log;

/// <summary>
/// Whatever fails and wherever the power ends: what was acknowledged is there, in order and once, and the manifest is the old one or
/// the new one.
/// </summary>
public sealed class LogFaultTests
{
    private const string LongTests = "SEARCHENGINE_LONG_TESTS";

    /// <summary>So many ways to lose what was not synced are tried at each place.</summary>
    private static readonly int Seeds = Environment.GetEnvironmentVariable(LongTests) is { Length: > 0 } ? 40 : 2;

    [Fact]
    public void Power_failure_at_every_operation_loses_nothing_acknowledged()
    {
        int operations = Operations();
        for (int at = 1; at <= operations; at++)
        {
            for (int seed = 0; seed < Seeds; seed++)
            {
                using var workload = new LogWorkload($"crash at operation {at}, seed {seed}", seed + (at * Seeds));
                workload.Files.FailAt(at, Fault.Crash);
                Assert.False(workload.TryRun(), $"operation {at} did not crash");
                Recover(workload);
                // A second life on what the first left, and its end.
                Assert.True(workload.TryRun());
                Recover(workload);
            }
        }
    }

    [Fact]
    public void Power_failure_during_recovery_loses_nothing_acknowledged()
    {
        const int MostRecoveryOperations = 16;
        int operations = Operations();
        for (int at = 3; at <= operations; at += 7)
        {
            for (int within = 1; within <= MostRecoveryOperations; within++)
            {
                using var workload = new LogWorkload($"crash at operation {at}, again at {within} of recovery", at * within);
                workload.Files.FailAt(at, Fault.Crash);
                Assert.False(workload.TryRun());
                workload.Files.Crash();
                workload.Files.FailAt(workload.Files.Operations + within, Fault.Crash);
                _ = workload.TryReopen();
                Recover(workload);
            }
        }
    }

    [Theory]
    [InlineData(nameof(Fault.NoSpace))]
    [InlineData(nameof(Fault.ShortWrite))]
    [InlineData(nameof(Fault.DeviceError))]
    public void A_failing_operation_refuses_its_group_and_no_other_record_is_lost(string kind)
    {
        Fault fault = Enum.Parse<Fault>(kind);
        int operations = Operations(), refused = 0;
        for (int at = 1; at <= operations; at++)
        {
            for (int seed = 0; seed < Seeds; seed++)
            {
                using var workload = new LogWorkload($"{fault} at operation {at}, seed {seed}", seed + (at * Seeds));
                workload.Files.FailAt(at, fault);
                try
                {
                    Assert.True(workload.TryRun());
                }
                catch (Exception error) when (error is IOException or CollectionException)
                {
                    // Opening failed, which is an answer; it must work when the device does.
                }

                refused += workload.Refused;
                Recover(workload);
            }
        }

        Assert.True(refused > operations, $"{refused} refusals from {operations} faults: they do not reach the log");
    }

    /// <summary>The pages of the failed sync are gone, whatever a later sync says.</summary>
    [Fact]
    public void Two_faults_in_a_row_leave_the_log_honest()
    {
        int operations = Operations();
        for (int at = 1; at < operations; at++)
        {
            foreach (int distance in new[] { 1, 2, 4 })
            {
                using var workload = new LogWorkload($"device errors at operations {at} and {at + distance}", at * distance);
                workload.Files.FailAt(at, Fault.DeviceError);
                workload.Files.FailAt(at + distance, Fault.DeviceError);
                try
                {
                    Assert.True(workload.TryRun());
                }
                catch (Exception error) when (error is IOException or CollectionException)
                {
                    // Opening failed, which is an answer.
                }

                Recover(workload);
            }
        }
    }

    /// <summary>What the next process finds may not be durable yet; it builds on it, and then the power fails.</summary>
    [Fact]
    public void End_of_the_process_at_every_operation_and_of_the_power_later_lose_nothing()
    {
        int operations = Operations();
        for (int at = 1; at <= operations; at++)
        {
            for (int seed = 0; seed < Seeds; seed++)
            {
                using var workload = new LogWorkload($"the process ends at operation {at}, seed {seed}", seed + (at * Seeds));
                workload.Files.FailAt(at, Fault.Crash);
                Assert.False(workload.TryRun());
                workload.Files.EndProcess();
                // A short life makes nothing durable by the way; a long one builds on it.
                Assert.True(workload.TryRun(seed % 2 == 0 ? 1 : LogWorkload.Groups));
                Recover(workload);
            }
        }
    }

    private static void Recover(LogWorkload workload)
    {
        Assert.True(workload.TryRecover(), "recovery met a fault that was not planned");
        Assert.True(workload.TryReopen(), "opening again met a fault that was not planned");
    }

    private static int Operations()
    {
        using var workload = new LogWorkload("no fault", 0);
        Assert.True(workload.TryRun());
        Assert.True(workload.Files.Operations > 60, "the workload does too little");
        return workload.Files.Operations;
    }
}
