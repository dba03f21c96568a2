using System.Runtime.InteropServices;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>Pins the calling thread to one core, as the peer programs pin theirs.</summary>
internal static unsafe partial class ThreadAffinity
{
    private const int MaxCores = 1024;

    public static void Pin(int core)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)core, (uint)MaxCores, nameof(core));
        Span<ulong> mask = stackalloc ulong[MaxCores / 64];
        mask.Clear();
        mask[core / 64] = 1UL << (core % 64);
        fixed (ulong* bits = mask)
        {
            // 0 is the calling thread. A machine without that core is measured unpinned, which costs noise, not truth.
            _ = SetAffinity(0, MaxCores / 8, bits);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint length, ulong* mask);
}
