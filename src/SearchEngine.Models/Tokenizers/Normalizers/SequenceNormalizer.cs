using SearchEngine.Models.Tokenizers.Text;

namespace SearchEngine.Models.Tokenizers.Normalizers;

/// <summary>Normalizers one after the other. Sequences inside are flattened when the file is read.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
    public IReadOnlyList<Normalizer> Steps => steps;

    public override void Normalize(
        TextBuffer source, int start, int end, TextBuffer target, int origin, EncodeScratch scratch)
    {
        if (steps.Count == 0)
        {
            target.Append(source, start, end - start);
            return;
        }
        var (next, other) = (scratch.StepA, scratch.StepB);
        for (var step = 0; step < steps.Count - 1; step++)
        {
            next.Clear();
            steps[step].Normalize(source, start, end, next, origin, scratch);
            (source, start, end) = (next, 0, next.Length);
            (next, other) = (other, next);
        }
        steps[^1].Normalize(source, start, end, target, origin, scratch);
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        // A sequence of one is that one: the same content has the same fingerprint however it is nested.
        foreach (var step in steps)
        {
            step.Describe(fingerprint);
        }
    }
}
