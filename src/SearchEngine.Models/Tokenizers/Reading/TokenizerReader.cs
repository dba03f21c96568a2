using System.Text.Json;
using SearchEngine.Models.Tokenizers.PostProcessors;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Reads a tokenizer.json. What is not understood is refused: a tokenizer that nearly fits is silently wrong.</summary>
internal static class TokenizerReader
{
    private const string Root = "$";
    private const int MaxDepth = 64;

    public static Tokenizer Read(Stream stream, TokenizerLimits limits)
    {
        using var document = Parse(stream, limits);
        var root = new JsonCursor(document.RootElement, Root);
        var steps = new StepBudget(limits.MaxSteps);
        var normalizer = root.Find("normalizer") is { } normalizerValue
            ? new NormalizerReader(limits, steps).Read(normalizerValue)
            : null;
        var preTokenizer = root.Find("pre_tokenizer") is { } preTokenizerValue
            ? new PreTokenizerReader(limits, steps).Read(preTokenizerValue)
            : null;
        var model = new ModelReader(limits).Read(root.Get("model"));
        var processor = root.Find("post_processor") is { } processorValue
            ? new PostProcessorReader(limits, steps).Read(processorValue)
            : PostProcessor.None;
        var added = AddedTokenReader.Read(root.Find("added_tokens"), model.Vocabulary, limits);
        var parts = new TokenizerParts(
            normalizer,
            preTokenizer,
            model,
            processor,
            new AddedVocabulary(added, normalizer, limits.MaxTextLength),
            SettingsReader.ReadTruncation(root.Find("truncation")),
            SettingsReader.ReadPadding(root.Find("padding"), limits));
        return new Tokenizer(parts, limits);
    }

    private static JsonDocument Parse(Stream stream, TokenizerLimits limits)
    {
        var bytes = ReadBounded(stream, limits.MaxFileLength);
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException fault)
        {
            throw new TokenizerException(fault.Path ?? Root, $"The file is not JSON: {fault.Message}", fault);
        }
    }

    private static ReadOnlyMemory<byte> ReadBounded(Stream stream, long limit)
    {
        using var buffer = new MemoryStream();
        var block = new byte[1 << 16];
        int read;
        while ((read = stream.Read(block)) > 0)
        {
            if (buffer.Length + read > limit)
            {
                throw new TokenizerException(Root, $"The file has more than {limit} bytes.");
            }
            buffer.Write(block, 0, read);
        }
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
