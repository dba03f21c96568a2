using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SearchEngine.Collections.Storage;

/// <summary>The calls of the C library that the base class library lacks; each returns the error number, 0 for success.</summary>
internal static partial class LibC
{
    public const int Interrupted = 4;
    public const int IoError = 5;
    public const int WouldBlock = 11;
    public const int CrossDevice = 18;
    public const int InvalidArgument = 22;
    public const int TooManyLinks = 31;
    public const int NoSpace = 28;
    public const int NotPermitted = 1;
    public const int NotSupported = 95;
    public const int QuotaExceeded = 122;

    // On Linux 0 means the calling thread, not the whole process.
    private const int PriorityOfProcess = 0;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    /// <summary>Content and length of a file, without its times.</summary>
    public static int SyncData(SafeFileHandle file) => With(file, DataSync);

    /// <summary>A lock of the open file, not of the process: a second opening in this process conflicts as well.</summary>
    public static int TryLock(SafeFileHandle file) => With(file, static descriptor => Lock(descriptor, LockExclusive | LockNonBlocking));

    public static int Link(string from, string to) => Result(HardLink(from, to));

    /// <summary>Changes the share of the processors that the calling thread gets; 19 is the least.</summary>
    public static int SetThreadNice(int nice) => Result(SetPriority(PriorityOfProcess, 0, nice));

    private static int With(SafeFileHandle file, Func<int, int> call)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            int error;
            do
            {
                error = Result(call((int)file.DangerousGetHandle()));
            }
            while (error == Interrupted);
            return error;
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    private static int Result(int status) => status == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int priority);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string from, string to);
}
