namespace SearchEngine.Models.Tokenizers;

/// <summary>What the file says about padding. Reported, never applied: whoever forms batches pads.</summary>
/// <param name="FixedLength">Length to pad to, or null to pad to the longest of a batch.</param>
/// <param name="Direction">"Right" or "Left".</param>
/// <param name="MultipleOf">Lengths are rounded up to a multiple of this, if not null.</param>
/// <param name="Id">The padding token.</param>
/// <param name="TypeId">Its segment.</param>
/// <param name="Token">Its text.</param>
public sealed record PaddingSettings(int? FixedLength, string Direction, int? MultipleOf, int Id, int TypeId, string Token);
