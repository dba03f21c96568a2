using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Lowers the priority of the calling thread for good: flushes, merges and linking take what searches leave of the processors. The system
/// gives a thread of this level about a tenth of the share of a normal one, and all of an idle processor.
/// </summary>
internal static class BackgroundPriority
{
    private const int Nice = 10;

    public static void Lower() => LibC.SetThreadNice(Nice);
}
