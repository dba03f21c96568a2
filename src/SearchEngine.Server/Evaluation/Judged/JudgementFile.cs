using System.Security.Cryptography;
using Google.Protobuf;
using SearchEngine.Collections;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Server.Evaluation.Judged;

/// <summary>
/// A set on the disk: eight bytes that name the format, the summary and the frames of the set, each behind its length, and the
/// SHA-256 of all that. Written aside, synced and renamed; read only when the hash is right.
/// </summary>
internal static class JudgementFile
{
    private const int HashBytes = SHA256.HashSizeInBytes;

    private static readonly byte[] Format = "SEJUDGE1"u8.ToArray();

    public static void Write(string path, Wire.JudgementsSummary summary, JudgementSet set)
    {
        string aside = path + ".tmp";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            using var hash = SHA256.Create();
            using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
            {
                hashed.Write(Format);
                summary.WriteDelimitedTo(hashed);
                foreach (Wire.LoadJudgementsRequest frame in JudgementFrames.Of(set))
                {
                    frame.WriteDelimitedTo(hashed);
                }
            }
            file.Write(hash.Hash!);
            file.Flush(flushToDisk: true);
        }
        DurableFolder.Publish(aside, path);
    }

    /// <exception cref="CollectionException">CHECKSUM.</exception>
    public static (Wire.JudgementsSummary Summary, JudgementSet Set) Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        long end = file.Length - HashBytes;
        Verify(file, end);
        Wire.JudgementsSummary summary = Begin(file, path);
        var set = new JudgementSet(summary.Name);
        while (file.Position < end)
        {
            Wire.LoadJudgementsRequest frame = Wire.LoadJudgementsRequest.Parser.ParseDelimitedFrom(file);
            set.Origin ??= frame.Header?.Origin;
            JudgementFrames.Add(set, frame);
        }
        return (summary, set);
    }

    /// <summary>What the set was when it was loaded; the rest of the file is not looked at.</summary>
    /// <exception cref="CollectionException">CHECKSUM.</exception>
    public static Wire.JudgementsSummary ReadSummary(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Begin(file, path);
    }

    private static Wire.JudgementsSummary Begin(FileStream file, string path)
    {
        file.Position = 0;
        Span<byte> format = stackalloc byte[Format.Length];
        if (file.ReadAtLeast(format, format.Length, throwOnEndOfStream: false) < format.Length || !format.SequenceEqual(Format))
        {
            throw Damaged(path);
        }
        try
        {
            return Wire.JudgementsSummary.Parser.ParseDelimitedFrom(file);
        }
        catch (InvalidProtocolBufferException)
        {
            throw Damaged(path);
        }
    }

    private static void Verify(FileStream file, long end)
    {
        if (end < Format.Length)
        {
            throw Damaged(file.Name);
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (long left = end; left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
            {
                throw Damaged(file.Name);
            }
            hash.AppendData(buffer, 0, read);
            left -= read;
        }
        Span<byte> stored = stackalloc byte[HashBytes];
        file.ReadExactly(stored);
        if (!stored.SequenceEqual(hash.GetHashAndReset()))
        {
            throw Damaged(file.Name);
        }
    }

    private static CollectionException Damaged(string path) => new(
        CollectionError.Checksum, "judgements", $"The judgements in {Path.GetFileName(path)} are damaged.", "Load them again under the same name.");
}
