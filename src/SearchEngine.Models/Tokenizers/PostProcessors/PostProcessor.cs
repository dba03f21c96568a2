namespace SearchEngine.Models.Tokenizers.PostProcessors;

/// <summary>
/// How tokens become the input of a model. BERT's, RoBERTa's and the template processor are all templates in the end.
/// </summary>
/// <param name="Single">Around one text.</param>
/// <param name="Pair">Around query and document.</param>
/// <param name="PlainSingle">As Single when special tokens are left out.</param>
/// <param name="PlainPair">As Pair when special tokens are left out.</param>
/// <param name="Trim">Whether spaces are taken out of the tokens' ranges.</param>
internal sealed record PostProcessor(
    IReadOnlyList<TemplatePart> Single,
    IReadOnlyList<TemplatePart> Pair,
    IReadOnlyList<TemplatePart> PlainSingle,
    IReadOnlyList<TemplatePart> PlainPair,
    TrimMode Trim)
{
    /// <summary>Nothing around the text.</summary>
    public static PostProcessor None { get; } = Plain(TrimMode.Keep);

    public static PostProcessor Plain(TrimMode trim)
    {
        IReadOnlyList<TemplatePart> single = [TemplatePart.First(0)];
        IReadOnlyList<TemplatePart> pair = [TemplatePart.First(0), TemplatePart.Second(1)];
        return new PostProcessor(single, pair, single, pair, trim);
    }

    /// <summary>Whether it puts nothing around the text.</summary>
    public static bool IsPlain(PostProcessor processor) =>
        CountSpecial(processor.Single) == 0 && CountSpecial(processor.Pair) == 0;

    public static int CountSpecial(IReadOnlyList<TemplatePart> parts)
    {
        var count = 0;
        for (var part = 0; part < parts.Count; part++)
        {
            count += parts[part].Kind == TemplatePartKind.Special ? 1 : 0;
        }
        return count;
    }

    public void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add(Trim.ToString());
        foreach (var template in (IReadOnlyList<TemplatePart>[])[Single, Pair, PlainSingle, PlainPair])
        {
            fingerprint.Add(template.Count);
            foreach (var part in template)
            {
                fingerprint.Add(part.Kind.ToString()).Add(part.Id).Add(part.TypeId);
            }
        }
    }
}
