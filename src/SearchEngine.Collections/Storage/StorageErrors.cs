using System.ComponentModel;

namespace SearchEngine.Collections.Storage;

/// <summary>The typed errors of files, so that each is worded once.</summary>
internal static class StorageErrors
{
    public static bool IsDiskFull(IOException error) => error.HResult is LibC.NoSpace or LibC.QuotaExceeded;

    public static CollectionException DiskFull(string path, IOException? inner = null) => new(
        CollectionError.DiskReserve, "", $"The disk is full: {path} could not be written.",
        "Free space or enlarge the disk; deletes work again as soon as there is some.", inner);

    /// <summary>Bytes that are not those that were written.</summary>
    public static CollectionException Damaged(string path, string what, Exception? inner = null) => new(
        CollectionError.Checksum, "", $"{path}: {what}.",
        "The file is damaged: restore it from a snapshot, and check the disk.", inner);

    /// <summary>An error number of a system call, in the form that the base class library gives it.</summary>
    public static IOException Failed(string doing, string path, int errorNumber) =>
        new($"{doing} {path} failed: {new Win32Exception(errorNumber).Message}", errorNumber);
}
