
namespace SearchEngine.Server.Points;

/// <summary>What a client may still send: it is what bounds the memory that an upload takes.</summary>
internal sealed class UploadCreditLedger
{
    public const int Items = 8_192;
    public const int Bytes = 16 << 20;

    private readonly Lock _gate = new();
    private long _items = Items;
    private long _bytes = Bytes;

    public static Wire.UploadCredits First => new() { Items = Items, Bytes = Bytes };

    /// <summary>Takes a frame off; one beyond what was granted ends the stream.</summary>
    public void Spend(int items, int bytes)
    {
        lock (_gate)
        {
            if (items > _items || bytes > _bytes)
            {
                throw Refusal.Of(
                    Wire.ErrorReason.Credits, "items", $"A frame of {items} points and {bytes} bytes came, granted are {_items} points and {_bytes} bytes.",
                    "Wait for UploadCredits before sending more.", $"at most {_items} points, {_bytes} bytes", $"{items} points, {bytes} bytes",
                    $"{_items} points, {_bytes} bytes");
            }
            _items -= items;
            _bytes -= bytes;
        }
    }

    public Wire.UploadCredits Grant(int items, int bytes)
    {
        lock (_gate)
        {
            _items += items;
            _bytes += bytes;
        }
        return new Wire.UploadCredits { Items = (uint)items, Bytes = (uint)bytes };
    }
}
