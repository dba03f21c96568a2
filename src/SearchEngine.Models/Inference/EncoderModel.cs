using System.Collections.Frozen;
using System.Text;
using SearchEngine.Models.Chunking;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>
/// A model folder, opened: descriptor, tokenizer and ONNX session that fit each other, and what they make of texts. Immutable;
/// any number of threads prepare texts with one, each runs its own <see cref="EncoderRun"/>.
/// </summary>
public sealed class EncoderModel : IDisposable
{
    /// <summary>Tokens may merge across the border of template and chunk; this many more than counted leave room.</summary>
    private const int SlackOfTemplate = 2;

    private readonly FrozenSet<int> _specialIds;

    internal EncoderModel(OnnxRuntime runtime, OnnxSession session, Tokenizer tokenizer, ModelFacts facts)
    {
        Runtime = runtime;
        Session = session;
        Tokenizer = tokenizer;
        Folder = facts.Folder;
        Descriptor = facts.Descriptor;
        Fingerprint = facts.Fingerprint;
        Notes = facts.Notes;
        Inputs = facts.Inputs;
        _specialIds = tokenizer.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Id).ToFrozenSet();
        Outputs = (Descriptor.Dense != null ? EncoderOutputs.Dense : 0)
            | (Descriptor.Sparse != null ? EncoderOutputs.Sparse : 0)
            | (Descriptor.Multi != null ? EncoderOutputs.Multi : 0)
            | (Descriptor.Score != null ? EncoderOutputs.Score : 0)
            | (Descriptor.Classes != null ? EncoderOutputs.Classes : 0);
    }

    public string Folder { get; }

    public EncoderDescriptor Descriptor { get; }

    public ModelFingerprint Fingerprint { get; }

    /// <summary>Where the descriptor comes from, guesses first.</summary>
    public IReadOnlyList<FolderNote> Notes { get; }

    public Tokenizer Tokenizer { get; }

    public OnnxSession Session { get; }

    /// <summary>The element type that the model computes its results in, such as float32; "quantized" for a build made smaller from others' weights.</summary>
    public string Precision => Descriptor.ReferenceWeights is not null && Descriptor.ReferenceWeights != Fingerprint.ModelFile
        ? "quantized"
        : string.Join(",", Session.Outputs.Select(output => output.ElementType).Distinct()).ToLowerInvariant() switch
        {
            "float" => "float32",
            var others => others,
        };

    /// <summary>What the model gives.</summary>
    public EncoderOutputs Outputs { get; }

    internal OnnxRuntime Runtime { get; }

    internal InputRole[] Inputs { get; }

    /// <summary>Opens a folder with encoder.json, or an export as downloaded.</summary>
    /// <exception cref="ModelFolderException">A file is missing or malformed, or the parts do not fit each other.</exception>
    /// <exception cref="TokenizerException">tokenizer.json is malformed or uses what is not supported.</exception>
    /// <exception cref="OnnxModelException">The model is refused.</exception>
    public static EncoderModel Open(string folder, OnnxRuntime runtime, EncoderModelOptions? options = null) =>
        ModelOpener.Open(folder, runtime, options ?? EncoderModelOptions.Default);

    /// <summary>An executor for one thread at a time.</summary>
    public EncoderRun CreateRun() => new(this);

    /// <summary>A text as the model takes it: template and special tokens around it, cut by the policy.</summary>
    /// <exception cref="ArgumentException">The model has no such task for this side.</exception>
    /// <exception cref="TextTooLongException">The text is too long and the policy is to refuse it.</exception>
    /// <exception cref="TextRejectedException">The text is not Unicode.</exception>
    public void Prepare(
        ReadOnlySpan<char> text, EncoderSide side, string task, TruncationPolicy truncation, TokenSequence output) =>
        TextPreparer.Prepare(Tokenizer, TemplateOf(side, task), text, LimitedBy(truncation), output);

    /// <summary>A text in chunks that the model takes whole, each with the template around it.</summary>
    /// <param name="options">How to cut; the default is 512 tokens, or what the model takes if that is less.</param>
    /// <exception cref="ArgumentException">The model has no such task, or the options leave no room for text.</exception>
    /// <exception cref="TextRejectedException">The text is not Unicode.</exception>
    public IReadOnlyList<PreparedChunk> PrepareChunks(string text, EncoderSide side, string task, ChunkOptions? options = null)
    {
        var template = TemplateOf(side, task);
        options ??= FitChunks(ChunkOptions.Default, side, task);
        var limited = options with
        {
            MaxTokens = Math.Min(options.MaxTokens, Descriptor.MaxTokens),
            ReservedTokens = options.ReservedTokens + TokensOf(template),
        };
        var utf8 = Encoding.UTF8.GetBytes(text);
        var chunks = new List<PreparedChunk>();
        foreach (var chunk in new Chunker(Tokenizer, limited).Split(text))
        {
            var tokens = new TokenSequence();
            var part = Encoding.UTF8.GetString(utf8.AsSpan(chunk.Span.Start, chunk.Span.End - chunk.Span.Start));
            TextPreparer.Prepare(Tokenizer, template, part, LimitedBy(TruncationPolicy.Error), tokens);
            chunks.Add(new PreparedChunk(chunk.Span, tokens));
        }
        return chunks;
    }

    /// <summary>The options within what the model takes, with an overlap that chunks with this template around them can have.</summary>
    /// <exception cref="ArgumentException">The model has no such task, or no room is left for text.</exception>
    public ChunkOptions FitChunks(ChunkOptions options, EncoderSide side, string task)
    {
        var tokens = Math.Min(options.MaxTokens, Descriptor.MaxTokens);
        var room = tokens - options.ReservedTokens - TokensOf(TemplateOf(side, task)) - Tokenizer.SpecialTokensOfText;
        return room > 0
            ? options with { MaxTokens = tokens, OverlapTokens = Math.Clamp(options.OverlapTokens, 0, (room - 1) / 2) }
            : throw new ArgumentException($"Chunks of {tokens} tokens hold no text beside template and special tokens.", nameof(options));
    }

    /// <summary>A query and a document that <see cref="Tokenizers.Tokenizer.Tokenize(ReadOnlySpan{char}, TokenSequence)"/>
    /// made tokens of, as one input: a query is tokenized once for many documents. Only the document is ever cut.</summary>
    /// <exception cref="TextTooLongException">The query leaves no room, or the document may not be cut.</exception>
    public void PreparePair(TokenSequence query, TokenSequence document, TruncationPolicy truncation, TokenSequence output) =>
        Tokenizer.AssemblePair(query, document, LimitedBy(truncation), output);

    /// <summary>
    /// Tokens that the caller made with this model's own tokenizer, special ones included, as an input. Nothing is put around them
    /// and nothing is cut; they have no place in a text.
    /// </summary>
    /// <exception cref="TextTooLongException">There are more than the model takes.</exception>
    /// <exception cref="TextRejectedException">There is none, or one that the tokenizer does not have.</exception>
    public void PrepareIds(ReadOnlySpan<int> ids, TokenSequence output)
    {
        if (ids.IsEmpty)
            throw new TextRejectedException("There is no token.");
        if (ids.Length > Descriptor.MaxTokens)
        {
            throw new TextTooLongException(
                $"There are {ids.Length} tokens, {Descriptor.MaxTokens} are allowed.", ids.Length, Descriptor.MaxTokens);
        }
        output.Clear();
        foreach (var id in ids)
        {
            if (id < 0 || id >= Tokenizer.IdBound)
                throw new TextRejectedException($"The token {id} is none of the tokenizer's, whose ids are below {Tokenizer.IdBound}.");
            // Heads leave out what a tokenizer would have put around the text.
            if (_specialIds.Contains(id))
                output.AddSpecial(id, 0);
            else
                output.Add(id, 0, 0);
        }
        output.Truncation = new TruncationReport(ids.Length, ids.Length, default, default);
    }

    /// <summary>Compares the folder's golden texts with what this build makes of them.</summary>
    /// <exception cref="ModelFolderException">The file of golden texts is malformed.</exception>
    public SelfTestReport SelfTest(CancellationToken cancel = default) => GoldenTest.Run(this, cancel);

    public void Dispose() => Session.Dispose();

    private string TemplateOf(EncoderSide side, string task) => Descriptor.TemplateOf(side, task)
        ?? throw new ArgumentException(
            $"The model has no task \"{task}\" for the side {side}; it has {string.Join(", ", Descriptor.Tasks.Select(t => t.Task))}.",
            nameof(task));

    private EncodeOptions LimitedBy(TruncationPolicy truncation) =>
        new() { MaxTokens = Descriptor.MaxTokens, Truncation = truncation };

    /// <summary>Tokens of a template around a text, with room for merging; none where there is no template.</summary>
    private int TokensOf(string template)
    {
        var around = template.Replace(EncoderDescriptor.TextMark, "", StringComparison.Ordinal);
        return around.Length == 0 ? 0 : Tokenizer.CountTokens(around) + SlackOfTemplate;
    }
}
