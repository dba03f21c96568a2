using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Follows dead rows into the segment that their rows went to.</summary>
internal static class RowMoves
{
    /// <summary>What became of a row that is not in the new segment.</summary>
    public const uint Dropped = uint.MaxValue;

    /// <param name="moves">New ordinal per old one.</param>
    /// <returns>New ordinals of the dead rows that are in the new segment.</returns>
    public static List<uint> Carry(DeadRows dead, uint[] moves)
    {
        var carried = new List<uint>();
        if (dead.Count == 0)
        {
            return carried;
        }
        for (int row = 0; row < moves.Length; row++)
        {
            if (moves[row] != Dropped && dead.Contains((uint)row))
            {
                carried.Add(moves[row]);
            }
        }
        return carried;
    }

    public static uint[] AllDropped(int rows)
    {
        var moves = new uint[rows];
        Array.Fill(moves, Dropped);
        return moves;
    }
}
