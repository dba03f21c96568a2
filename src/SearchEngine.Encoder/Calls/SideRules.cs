using System.Collections.Frozen;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Folder;

namespace SearchEngine.Encoder.Calls;

/// <summary>Which side a call's texts are on, and which template that and a task give.</summary>
internal static class SideRules
{
    private static readonly FrozenDictionary<Wire.Side, EncoderSide> Sides = new Dictionary<Wire.Side, EncoderSide>
    {
        [Wire.Side.Query] = EncoderSide.Query,
        [Wire.Side.Document] = EncoderSide.Document,
        [Wire.Side.Symmetric] = EncoderSide.Symmetric,
    }.ToFrozenDictionary();

    /// <summary>Refuses what does not say its side to a model that tells the sides apart.</summary>
    public static EncoderSide Read(LoadedModel model, Wire.Side side, string path)
    {
        if (side != 0 && !Sides.ContainsKey(side))
            throw Refusal.Invalid(path, "There is no such side.", "Use a value of Side.", Refusal.Number((int)side));
        if (!model.Descriptor.IsAsymmetric)
            return side == 0 ? EncoderSide.Symmetric : Sides[side];
        if (side is not (Wire.Side.Query or Wire.Side.Document))
        {
            throw Refusal.Of(
                    Wire.ErrorReason.InputTypeRequired, path,
                    $"The model \"{model.Name}\" encodes queries and documents differently, and the side is not stated.",
                    "Set it to QUERY for what is searched for, to DOCUMENT for what is found.", "QUERY or DOCUMENT",
                    side == 0 ? "none" : "SYMMETRIC")
                .With("model", model.Name);
        }
        return Sides[side];
    }

    /// <summary>Refuses a task that the model does not have for the side.</summary>
    public static void CheckTask(LoadedModel model, EncoderSide side, string task, string path)
    {
        TextLength.Check(task, TextLimits.TaskBytes, path);
        if (model.Descriptor.TemplateOf(side, task) is null)
        {
            var tasks = string.Join(", ", model.Descriptor.Tasks.Select(t => t.Task));
            throw Refusal.Of(
                Wire.ErrorReason.FieldInvalid, path, $"The model \"{model.Name}\" has no task \"{Refusal.Shown(task)}\" for this side.",
                "Leave it empty, or use a task of the model; Describe lists them.", tasks.Length == 0 ? "none" : tasks, task);
        }
    }
}
