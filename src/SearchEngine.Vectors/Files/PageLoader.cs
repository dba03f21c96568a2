namespace SearchEngine.Vectors.Files;

/// <summary>Brings mapped memory in.</summary>
internal static class PageLoader
{
    private const long StepBytes = 64 << 20;

    /// <summary>Reads a mapping into memory in steps, so that cancelling takes effect within one step.</summary>
    public static void Populate(nint address, long length, string path, CancellationToken cancel)
    {
        for (long at = 0; at < length; at += StepBytes)
        {
            cancel.ThrowIfCancellationRequested();
            nint from = address + (nint)at;
            nuint bytes = (nuint)Math.Min(StepBytes, length - at);
            // Populating reports a read error here, where it can be handled, instead of ending the process at a later touch.
            if (LibC.TryAdvise(from, bytes, LibC.Advice.PopulateRead))
            {
                continue;
            }

            if (!LibC.LastErrorIsUnsupported)
            {
                throw new IOException($"{path}: cannot be read into memory: {LibC.LastError()}");
            }

            // Before Linux 5.14: ask for read-ahead; pages that it misses come when touched.
            _ = LibC.TryAdvise(from, bytes, LibC.Advice.WillNeed);
        }
    }
}
