using SearchEngine.Models.Tokenizers.PostProcessors;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads the section "post_processor".</summary>
internal sealed class PostProcessorReader(TokenizerLimits limits, StepBudget steps)
{
    private const string Supported = "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel and Sequence";

    public PostProcessor Read(JsonCursor value)
    {
        steps.Take(value);
        var type = value.Get("type").Text();
        return type switch
        {
            "TemplateProcessing" => new TemplateReader(limits).Read(value),
            "BertProcessing" => ReadBert(value),
            "RobertaProcessing" => ReadRoberta(value),
            "ByteLevel" => PostProcessor.Plain(ReadTrim(value)),
            "Sequence" => ReadSequence(value),
            _ => throw value.Unsupported("post-processor", type, Supported),
        };
    }

    private static TrimMode ReadTrim(JsonCursor value)
    {
        if (!value.Flag("trim_offsets", true))
        {
            return TrimMode.Keep;
        }
        return value.Flag("add_prefix_space", true) ? TrimMode.TrimButPrefix : TrimMode.Trim;
    }

    private PostProcessor ReadBert(JsonCursor value)
    {
        var (start, end) = (ReadId(value.Get("cls")), ReadId(value.Get("sep")));
        return PostProcessor.None with
        {
            Single = [TemplatePart.Special(start, 0), TemplatePart.First(0), TemplatePart.Special(end, 0)],
            Pair =
            [
                TemplatePart.Special(start, 0), TemplatePart.First(0), TemplatePart.Special(end, 0),
                TemplatePart.Second(1), TemplatePart.Special(end, 1),
            ],
        };
    }

    private PostProcessor ReadRoberta(JsonCursor value)
    {
        var (start, end) = (ReadId(value.Get("cls")), ReadId(value.Get("sep")));
        return PostProcessor.Plain(ReadTrim(value)) with
        {
            Single = [TemplatePart.Special(start, 0), TemplatePart.First(0), TemplatePart.Special(end, 0)],
            Pair =
            [
                TemplatePart.Special(start, 0), TemplatePart.First(0), TemplatePart.Special(end, 0),
                TemplatePart.Special(end, 0), TemplatePart.Second(0), TemplatePart.Special(end, 0),
            ],
        };
    }

    /// <summary>A special token written ["[SEP]", 102].</summary>
    private int ReadId(JsonCursor value) =>
        value.Value.ValueKind == System.Text.Json.JsonValueKind.Array && value.Value.GetArrayLength() == 2
            ? value.Item(1).Number(limits.MaxVocabulary)
            : throw value.Error("is not a pair of token and id");

    private PostProcessor ReadSequence(JsonCursor value)
    {
        var result = PostProcessor.None;
        foreach (var item in value.Get("processors").Items(limits.MaxSteps))
        {
            var next = Read(item);
            if (next.Trim != TrimMode.Keep && result.Trim != TrimMode.Keep)
            {
                throw item.Error("trims offsets a second time, which is not supported");
            }
            var trim = result.Trim != TrimMode.Keep ? result.Trim : next.Trim;
            if (PostProcessor.IsPlain(next))
            {
                result = result with { Trim = trim };
            }
            else if (PostProcessor.IsPlain(result))
            {
                result = next with { Trim = trim };
            }
            else
            {
                throw item.Error("puts special tokens around the text a second time, which is not supported");
            }
        }
        return result;
    }
}
