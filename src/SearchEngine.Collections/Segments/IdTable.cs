namespace SearchEngine.Collections.Segments;

/// <summary>
/// The shape of a segment's table from id to row: open addressing, linear probes, 0.7 of the slots used. A slot is
/// hash &lt;&lt; 32 | ordinal + 1, 0 when empty; an id starts at hash * slots / 2^32, so the slots need be no power of two.
/// </summary>
internal static class IdTable
{
    public static int SlotsFor(int rows) => checked((int)((rows * 10L + 6) / 7));

    public static int FirstSlot(uint hash, int slots) => (int)((ulong)hash * (uint)slots >> 32);

    public static int Next(int slot, int slots) => slot + 1 == slots ? 0 : slot + 1;

    public static ulong Entry(uint hash, uint ordinal) => ((ulong)hash << 32) | (ordinal + 1);

    public static uint HashIn(ulong entry) => (uint)(entry >> 32);

    public static uint OrdinalIn(ulong entry) => (uint)entry - 1;
}
