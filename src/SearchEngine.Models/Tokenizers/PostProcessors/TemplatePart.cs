namespace SearchEngine.Models.Tokenizers.PostProcessors;

/// <summary>A part of a model's input: a special token, or one of the texts.</summary>
internal readonly record struct TemplatePart(TemplatePartKind Kind, int Id, byte TypeId)
{
    public static TemplatePart Special(int id, byte typeId) => new(TemplatePartKind.Special, id, typeId);

    public static TemplatePart First(byte typeId) => new(TemplatePartKind.First, 0, typeId);

    public static TemplatePart Second(byte typeId) => new(TemplatePartKind.Second, 0, typeId);
}
