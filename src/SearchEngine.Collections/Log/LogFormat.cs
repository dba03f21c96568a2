using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Log;

/// <summary>The bytes of log files; the layout is given in the README of this folder.</summary>
internal static class LogFormat
{
    public const string Suffix = ".log";
    public const string AsideSuffix = ".log.tmp";

    /// <summary>One copy of the head; the file starts with two.</summary>
    public const int HeadBytes = 64;
    public const int RecordsAt = 2 * HeadBytes;
    public const int RecordHeadBytes = 32;
    public const int Alignment = 8;

    /// <summary>64 texts of 1 MiB, the attributes, 16 vectors of 8,192 elements and 16 MiB of multi vectors fit.</summary>
    public const int MaxPayloadBytes = 83 << 20;

    /// <summary>"Everything before a byte of this file was durable when this was written." Its sequence is the last durable one.</summary>
    public const byte SyncedKind = 240;
    public const int SyncedBytes = RecordHeadBytes + sizeof(long);

    private const int NameDigits = 20;
    private const ushort Version = 1;
    private const uint EndianTag = 0x01020304;

    // 89 "SEL" 0D 0A 1A 0A.
    private const ulong Magic = 0x0A1A0A0D_4C455389;
    private const int HeadChecksumAt = 56;
    private const int RecordChecksumAt = 24;

    public static string NameOf(ulong first) => first.ToString("D" + NameDigits, CultureInfo.InvariantCulture) + Suffix;

    public static bool TryName(string name, out ulong first)
    {
        first = 0;
        return name.Length == NameDigits + Suffix.Length
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, NameDigits), NumberStyles.None, CultureInfo.InvariantCulture, out first);
    }

    public static int Padded(int payloadBytes) => (payloadBytes + Alignment - 1) / Alignment * Alignment;

    /// <param name="head">Of <see cref="RecordsAt"/> bytes.</param>
    public static void WriteHead(Span<byte> head, in LogFileHeader values)
    {
        head.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(head, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], EndianTag);
        BinaryPrimitives.WriteUInt16LittleEndian(head[12..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(head[14..], HeadBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(head[16..], values.Salt);
        BinaryPrimitives.WriteUInt64LittleEndian(head[24..], values.First);
        BinaryPrimitives.WriteUInt64LittleEndian(head[32..], values.PreviousFirst);
        BinaryPrimitives.WriteInt64LittleEndian(head[40..], values.PreviousEnd);
        BinaryPrimitives.WriteUInt64LittleEndian(head[HeadChecksumAt..], BlockChecksum.Of(head[..HeadChecksumAt]));
        head[..HeadBytes].CopyTo(head[HeadBytes..]);
    }

    /// <summary>Reads one copy of the head.</summary>
    public static bool TryHead(ReadOnlySpan<byte> head, out LogFileHeader values)
    {
        values = default;
        if (head.Length < HeadBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(head) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) != EndianTag
            || BinaryPrimitives.ReadUInt16LittleEndian(head[12..]) != Version
            || BinaryPrimitives.ReadUInt64LittleEndian(head[HeadChecksumAt..]) != BlockChecksum.Of(head[..HeadChecksumAt]))
        {
            return false;
        }

        values = new LogFileHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(head[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(head[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(head[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[40..]));
        return values.First > 0;
    }

    /// <summary>A head of a version that this program does not read, which is no damage.</summary>
    public static bool IsForeignVersion(ReadOnlySpan<byte> head, [NotNullWhen(true)] out string? version)
    {
        bool sound = head.Length >= HeadBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(head) == Magic
            && BinaryPrimitives.ReadUInt64LittleEndian(head[HeadChecksumAt..]) == BlockChecksum.Of(head[..HeadChecksumAt]);
        ushort found = sound ? BinaryPrimitives.ReadUInt16LittleEndian(head[12..]) : Version;
        version = found == Version ? null : $"format version {found}, this program reads version {Version}";
        return version is not null;
    }

    /// <summary>Fills in the head of a record whose padded payload stands behind it.</summary>
    public static void WriteRecordHead(Span<byte> record, byte kind, ulong sequence, int payloadBytes, ulong salt)
    {
        record[(RecordHeadBytes + payloadBytes)..].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(record, BlockChecksum.Of(record[RecordHeadBytes..], salt));
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)payloadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], kind);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(record[RecordChecksumAt..], BlockChecksum.Of(record[..RecordChecksumAt], salt));
    }

    /// <summary>Writes a synced mark that stands at an offset.</summary>
    public static void WriteSynced(Span<byte> mark, long offset, ulong sequence, ulong salt)
    {
        BinaryPrimitives.WriteInt64LittleEndian(mark[RecordHeadBytes..], offset);
        WriteRecordHead(mark[..SyncedBytes], SyncedKind, sequence, sizeof(long), salt);
    }

    /// <summary>Reads a record's head; its checksum covers that of the payload.</summary>
    public static bool TryRecordHead(ReadOnlySpan<byte> head, ulong salt, out LogRecordHead values)
    {
        values = default;
        if (head.Length < RecordHeadBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]);
        // Cheap tests first: a search for the next record tries every eighth byte.
        if (length > MaxPayloadBytes || kind is 0 or > byte.MaxValue
            || BinaryPrimitives.ReadUInt64LittleEndian(head[RecordChecksumAt..]) != BlockChecksum.Of(head[..RecordChecksumAt], salt))
        {
            return false;
        }

        values = new LogRecordHead(
            (byte)kind, BinaryPrimitives.ReadUInt64LittleEndian(head[16..]), (int)length, BinaryPrimitives.ReadUInt64LittleEndian(head));
        return true;
    }
}
