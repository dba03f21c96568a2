using Microsoft.Win32.SafeHandles;

namespace SearchEngine.Collections.Storage;

/// <summary>
/// Held while a store is open, so that two processes never write one directory. The system releases it when the process ends,
/// however it ends; the file stays.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    public const string FileName = "LOCK";

    private readonly SafeFileHandle _file;

    private StoreLock(SafeFileHandle file) => _file = file;

    /// <exception cref="CollectionException">ReadOnly: another holder has it.</exception>
    public static StoreLock Take(string directory)
    {
        string path = Path.Combine(directory, FileName);
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException error) when (error.HResult == LibC.WouldBlock)
        {
            // The runtime takes a shared lock when it opens a file, unless a switch of the environment turns that off.
            throw Held(directory);
        }

        int failure = LibC.TryLock(file);
        if (failure == 0)
        {
            return new StoreLock(file);
        }

        file.Dispose();
        throw failure == LibC.WouldBlock ? Held(directory) : StorageErrors.Failed("Locking", path, failure);
    }

    public void Dispose() => _file.Dispose();

    private static CollectionException Held(string directory) => new(
        CollectionError.ReadOnly, "", $"{directory} is open in another process or a second time in this one.",
        "Close the other one first, or open another directory.");
}
