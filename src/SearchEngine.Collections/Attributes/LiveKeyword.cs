namespace SearchEngine.Collections.Attributes;

/// <summary>One value of a live dictionary.</summary>
internal sealed class LiveKeyword(uint code, byte[] text)
{
    private int _count;

    public uint Code => code;

    /// <summary>UTF-8.</summary>
    public byte[] Text => text;

    /// <summary>Entries with this value. Written by the appender only; at least the entries of published rows.</summary>
    public int Count
    {
        get => Volatile.Read(ref _count);
        set => Volatile.Write(ref _count, value);
    }
}
