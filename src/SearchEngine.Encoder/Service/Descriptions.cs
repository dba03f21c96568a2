using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Folder;

namespace SearchEngine.Encoder.Service;

/// <summary>Models as Describe tells them.</summary>
internal static class Descriptions
{
    public static Wire.DescribeEncoderReply Describe(EncoderState state, Wire.DescribeEncoderRequest request, EncoderCall call)
    {
        var reply = new Wire.DescribeEncoderReply();
        var models = request.Model.Length == 0 ? state.Shelf.Models : [state.Shelf.Find(request.Model, "model")];
        reply.Models.Add(models.Select(Of));
        reply.Header = call.ReplyHeader();
        return reply;
    }

    private static Wire.ModelDescription Of(LoadedModel model)
    {
        var description = new Wire.ModelDescription
        {
            Model = model.Name,
            Fingerprint = model.Fingerprint,
            Encoder = model.Purposes.Contains(Wire.ModelPurpose.Encode) ? Descriptor(model) : null,
            Precision = model.Encoder.Precision,
            SelfTestPassed = model.State == ModelState.Serving,
            Drift = (float)(1 - (model.Tested?.LeastCosine ?? 1)),
            BatchTokens = (uint)model.Pace.BatchTokens,
        };
        description.Purposes.Add(model.Purposes);
        description.Providers.Add(model.Providers);
        description.Labels.Add(model.Descriptor.Classes?.Labels ?? []);
        if (model.Descriptor.Score is not null)
            description.ScoreKinds.Add([Wire.ScoreKind.Sigmoid, Wire.ScoreKind.Logit]);
        return description;
    }

    private static Wire.EncoderDescriptor Descriptor(LoadedModel model)
    {
        var from = model.Descriptor;
        var descriptor = new Wire.EncoderDescriptor
        {
            Name = from.Name,
            WeightsSha256 = model.Encoder.Fingerprint.Weights,
            TokenizerSha256 = model.Encoder.Fingerprint.Tokenizer,
            // The numbers are those of the contract: they enter the space.
            Pooling = (Wire.Pooling)(int)from.Pooling,
            Normalization = (Wire.Normalization)(int)from.Normalization,
            Sidedness = from.IsAsymmetric ? Wire.Sidedness.Asymmetric : Wire.Sidedness.Symmetric,
            QueryTemplate = from.QueryTemplate,
            DocumentTemplate = from.DocumentTemplate,
            MaxTokens = (uint)from.MaxTokens,
            Dimension = (uint)(from.Dense?.Dimension ?? 0),
        };
        descriptor.Outputs.Add(OutputRules.Of(model));
        descriptor.AllowedDimensions.Add(from.Dense?.AllowedDimensions.Select(d => (uint)d) ?? []);
        descriptor.Tasks.Add(from.Tasks.Select(Task));
        return descriptor;
    }

    private static Wire.TaskTemplate Task(TaskTemplate task) =>
        new() { Task = task.Task, Side = (Wire.Side)(int)task.Side, Template = task.Template };
}
