using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SearchEngine.Benchmarks.Serve.Load;

/// <summary>Sleeps until a socket has something to say or a moment has come, whichever is first; wakes within microseconds of it.</summary>
internal static unsafe partial class Poll
{
    private const short CanRead = 1, CanWrite = 4;
    private const int SetTimerSlack = 29, Interrupted = 4;

    /// <summary>Of the calling thread: the kernel may otherwise wake it 50 us late to save power.</summary>
    public static void WakeExactly() => _ = Control(SetTimerSlack, 1);

    /// <param name="ready">Set for those that can be read, and for those that can be written and want to be.</param>
    public static void Wait(LoadConnection[] connections, TimeSpan time, Span<bool> ready)
    {
        Span<Watched> watched = stackalloc Watched[connections.Length];
        for (int i = 0; i < watched.Length; i++)
        {
            watched[i] = new Watched { File = (int)connections[i].Handle, Wanted = connections[i].WantsWrite ? (short)(CanRead | CanWrite) : CanRead };
        }
        long nanos = Math.Max(0, time.Ticks * 100);
        var limit = new Time { Seconds = (nint)(nanos / 1_000_000_000), Nanos = (nint)(nanos % 1_000_000_000) };
        fixed (Watched* files = watched)
        {
            if (WaitFor(files, (nuint)watched.Length, &limit, null) < 0 && Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                throw new Win32Exception(error);
            }
        }
        for (int i = 0; i < watched.Length; i++)
        {
            ready[i] = watched[i].Seen != 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int WaitFor(Watched* files, nuint count, Time* limit, void* signals);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint value);

    [StructLayout(LayoutKind.Sequential)]
    private struct Watched
    {
        public int File;
        public short Wanted;
        public short Seen;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanos;
    }
}
