using System.Buffers.Binary;
using System.Security.Cryptography;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Log;

/// <summary>Where a log's files are, and how one is begun.</summary>
internal sealed class LogDirectory(IFileLayer files, string path, string quarantine)
{
    public IFileLayer Files => files;

    public string Path => path;

    public string Quarantine => quarantine;

    public string PathOf(ulong first) => System.IO.Path.Combine(path, LogFormat.NameOf(first));

    /// <summary>
    /// Begins a file. It gets its name when its head is durable, so a file of that name always had a sound head. From the rename
    /// on a failure leaves open which of the two files counts: the caller must not go on then.
    /// </summary>
    /// <param name="named">Told before the rename.</param>
    public (IWritableFile File, LogFileHeader Header) Begin(ulong first, ulong previousFirst, long previousEnd, Action? named = null)
    {
        Span<byte> salt = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(salt);
        var header = new LogFileHeader(BinaryPrimitives.ReadUInt64LittleEndian(salt), first, previousFirst, previousEnd);
        string target = PathOf(first);
        string aside = System.IO.Path.ChangeExtension(target, null) + LogFormat.AsideSuffix;
        Span<byte> head = stackalloc byte[LogFormat.RecordsAt];
        LogFormat.WriteHead(head, header);
        using (IWritableFile file = files.Create(aside))
        {
            file.Write(head);
            file.Sync();
        }

        named?.Invoke();
        files.Rename(aside, target);
        files.SyncDirectory(path);
        return (files.OpenAppend(target), header);
    }
}
