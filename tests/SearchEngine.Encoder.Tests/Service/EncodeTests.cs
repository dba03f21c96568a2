using SearchEngine.Models.Testing;
using SearchEngine.Testing.Models;
using Xunit;

namespace SearchEngine.Encoder.Tests.Service;

public sealed class EncodeTests(AllHeadsEncoder encoder) : IClassFixture<AllHeadsEncoder>
{
    private static readonly string[] Texts =
    [
        "a cat", "the dog runs fast on the red house, night of day", "x", "green tree. blue tree. zebra quartz sphinx",
        "the the the cat sits", "a dog of a cat of a house of a tree of a night of a day runs slow",
    ];

    private static readonly string Long = string.Join(' ', Enumerable.Repeat("the red cat sits on the green house .", 40));

    [Fact]
    public async Task Dense_vectors_over_the_wire_equal_the_reference_in_double()
    {
        var reply = await (await encoder.ApiAsync()).EncodeAsync(Queries(), Texts);
        Assert.Equal(Texts.Length, reply.Items.Count);
        for (var i = 0; i < Texts.Length; i++)
            Vectors.Close(Reference.Dense($"query: {Texts[i]}"), Vectors.Floats(reply.Items[i].Dense), $"\"{Texts[i]}\"");
        Assert.StartsWith("s1-", reply.Fingerprint.Space, StringComparison.Ordinal);
        Assert.True(reply.Batch.Batches > 0 && reply.Header.Cost.Tokens > 0 && reply.Header.Timings.EncodeMicros > 0, "The reply does not say what it cost.");
        Assert.Equal(10_000_000ul, reply.Header.AppliedDeadlineMicros);
    }

    [Fact]
    public async Task Each_side_and_task_has_its_template()
    {
        var api = await encoder.ApiAsync();
        var document = await api.EncodeAsync(new Wire.EncodeOptions { Side = Wire.Side.Document }, "a cat");
        Vectors.Close(Reference.Dense("passage: a cat"), Vectors.Floats(document.Items[0].Dense), "document");
        var task = await api.EncodeAsync(new Wire.EncodeOptions { Side = Wire.Side.Document, Task = "cluster" }, "a cat");
        Vectors.Close(Reference.Dense("the a cat of"), Vectors.Floats(task.Items[0].Dense), "task");
    }

    [Fact]
    public async Task All_outputs_come_from_one_pass_and_each_equals_its_own()
    {
        var api = await encoder.ApiAsync();
        Wire.OutputKind[] kinds = [Wire.OutputKind.Dense, Wire.OutputKind.Sparse, Wire.OutputKind.Multi];
        var all = (await api.EncodeAsync(Queries(options => options.Outputs.Add(kinds)), Texts)).Items;
        for (var i = 0; i < Texts.Length; i++)
        {
            var alone = (await api.EncodeAsync(Queries(options => options.Outputs.Add(Wire.OutputKind.Sparse)), Texts[i])).Items[0];
            Assert.Null(alone.Dense);
            Assert.Null(alone.Multi);
            Assert.Equal(alone.Sparse.Indices, all[i].Sparse.Indices);
            Vectors.Close(Vectors.Doubles(alone.Sparse.Values), [.. all[i].Sparse.Values], "sparse");
            var multi = (await api.EncodeAsync(Queries(options => options.Outputs.Add(Wire.OutputKind.Multi)), Texts[i])).Items[0].Multi;
            Assert.Equal((uint)TestFolder.TokenWidth, multi.Dimension);
            // The template's tokens count, those that the tokenizer puts around it do not.
            Assert.Equal(Reference.Ids($"query: {Texts[i]}").Length - 2, Vectors.Floats(multi).Length / TestFolder.TokenWidth);
            Vectors.Close(Vectors.Doubles(Vectors.Floats(multi)), Vectors.Floats(all[i].Multi), "multi");
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(TestFolder.Width)]
    public async Task A_prefix_is_the_vectors_start_at_unit_length(int dimension)
    {
        var reply = await (await encoder.ApiAsync()).EncodeAsync(Queries(options => options.Dimension = (uint)dimension), Texts);
        for (var i = 0; i < Texts.Length; i++)
        {
            double[] expected = ReferenceTransformer.Normalized([.. Reference.Dense($"query: {Texts[i]}").Take(dimension)]);
            Vectors.Close(expected, Vectors.Floats(reply.Items[i].Dense), $"{dimension} of \"{Texts[i]}\"");
            Assert.Equal((uint)dimension, reply.Items[i].Dense.Dimension);
        }
    }

    [Theory]
    [InlineData(Wire.ElementType.Float32, 1e-5)]
    [InlineData(Wire.ElementType.Float16, 1e-3)]
    [InlineData(Wire.ElementType.Bfloat16, 4e-3)]
    [InlineData(Wire.ElementType.Int8, 5e-3)]
    public async Task Element_types_carry_the_vector_within_their_precision(Wire.ElementType type, double tolerance)
    {
        var vector = (await (await encoder.ApiAsync()).EncodeAsync(Queries(options => options.ElementType = type), "a cat")).Items[0].Dense;
        Assert.Equal(type, vector.ElementType);
        Assert.Equal(type == Wire.ElementType.Int8, vector.Scale > 0);
        Vectors.Close(Reference.Dense("query: a cat"), Vectors.Floats(vector), type.ToString(), tolerance);
    }

    [Fact]
    public async Task A_text_alone_has_the_vector_it_has_among_texts_of_every_length()
    {
        var api = await encoder.ApiAsync();
        var words = Enumerable.Range(1, 55).Select(count => string.Join(' ', Enumerable.Repeat("cat", count))).ToArray();
        var together = (await api.EncodeAsync(Queries(), words)).Items;
        // Sent at the same time, so that each finds others in the queue.
        var alone = await Task.WhenAll(words.Select(text => api.EncodeAsync(Queries(), text)));
        for (var i = 0; i < words.Length; i++)
            Vectors.Close(Vectors.Doubles(Vectors.Floats(alone[i].Items[0].Dense)), Vectors.Floats(together[i].Dense), $"{i + 1} words");
    }

    [Fact]
    public async Task Bit_exact_vectors_do_not_depend_on_their_neighbours()
    {
        var api = await encoder.ApiAsync();
        var options = Queries(o => o.Determinism = Wire.Determinism.BitExact);
        var forward = (await api.EncodeAsync(options, Texts)).Items;
        var backward = (await api.EncodeAsync(options, [.. Texts.Reverse()])).Items;
        var alone = await Task.WhenAll(Texts.Select(text => api.EncodeAsync(options, text)));
        for (var i = 0; i < Texts.Length; i++)
        {
            Assert.Equal(forward[i].Dense.Data, backward[Texts.Length - 1 - i].Dense.Data);
            Assert.Equal(forward[i].Dense.Data, alone[i].Items[0].Dense.Data);
        }
    }

    [Theory]
    [InlineData(Wire.Truncation.Head)]
    [InlineData(Wire.Truncation.Tail)]
    [InlineData(Wire.Truncation.HeadTail)]
    public async Task What_was_cut_is_told_and_the_rest_is_what_was_encoded(Wire.Truncation truncation)
    {
        var reply = await (await encoder.ApiAsync()).EncodeAsync(Queries(options => options.Truncation = truncation), "a cat", Long);
        Assert.False(reply.Items[0].TextUse.Truncated);
        var use = reply.Items[1].TextUse;
        Assert.True(use.Truncated);
        Assert.Equal((uint)TestFolder.Positions, use.TokensUsed);
        Assert.Equal((uint)Reference.Ids($"query: {Long}").Length, use.TokensIn);
        var kept = $"{Long[..(int)use.Cut.Start]} {Long[(int)use.Cut.End..]}";
        Vectors.Close(Reference.Dense($"query: {kept}"), Vectors.Floats(reply.Items[1].Dense), $"{truncation}: what is left beside {use.Cut}");
        Assert.Equal(Wire.WarningKind.TextTruncated, Assert.Single(reply.Header.Warnings).Kind);
    }

    [Theory]
    [InlineData(Wire.ChunkBorder.Sentence)]
    [InlineData(Wire.ChunkBorder.Token)]
    [InlineData(Wire.ChunkBorder.Paragraph)]
    public async Task Chunks_cover_the_text_and_each_has_the_vector_of_its_span(Wire.ChunkBorder border)
    {
        var reply = await (await encoder.ApiAsync()).EncodeAsync(
            Queries(options =>
            {
                options.Truncation = Wire.Truncation.Chunk;
                options.Chunking = new Wire.ChunkOptions { MaxTokens = 40, OverlapTokens = 6, Border = border };
            }),
            Long, "a cat");
        var chunks = reply.Items[0].Chunks;
        Assert.True(chunks.Count > 8, $"{chunks.Count} chunks.");
        Assert.Single(reply.Items[1].Chunks);
        Assert.Null(reply.Items[0].Dense);
        var covered = 0u;
        foreach (var chunk in chunks)
        {
            Assert.True(chunk.Span.Start <= covered && chunk.Span.End > covered, $"{chunk.Span} leaves a gap behind byte {covered}.");
            Assert.InRange(chunk.Tokens, 4u, 40u);
            var text = Long[(int)chunk.Span.Start..(int)chunk.Span.End];
            Vectors.Close(Reference.Dense($"query: {text}"), Vectors.Floats(chunk.Dense), $"chunk {chunk.Span}");
            covered = chunk.Span.End;
        }
        Assert.Equal((uint)Long.Length, covered);
    }

    [Fact]
    public async Task Tokens_of_the_caller_give_what_their_text_gives()
    {
        var request = new Wire.EncodeRequest { Options = Queries(o => o.Outputs.Add([Wire.OutputKind.Dense, Wire.OutputKind.Multi])) };
        var sequence = new Wire.TokenSequence();
        sequence.Ids.Add(Reference.Ids("query: a cat").Select(id => (uint)id));
        request.Tokens.Add(sequence);
        var api = await encoder.ApiAsync();
        var ids = (await api.EncodeAsync(request)).Items[0];
        var text = (await api.EncodeAsync(request.Options, "a cat")).Items[0];
        Vectors.Close(Vectors.Doubles(Vectors.Floats(text.Dense)), Vectors.Floats(ids.Dense), "dense");
        Vectors.Close(Vectors.Doubles(Vectors.Floats(text.Multi)), Vectors.Floats(ids.Multi), "multi");
    }

    [Fact]
    public async Task Every_length_around_the_models_limit_is_encoded_or_refused()
    {
        var api = await encoder.ApiAsync();
        for (var words = TestFolder.Positions - 8; words <= TestFolder.Positions + 2; words++)
        {
            var text = string.Join(' ', Enumerable.Repeat("cat", words));
            if (Reference.Ids($"query: {text}").Length <= TestFolder.Positions)
                Vectors.Close(Reference.Dense($"query: {text}"), Vectors.Floats((await api.EncodeAsync(Queries(), text)).Items[0].Dense), $"{words} words");
            else
                await RunningEncoder.RefusedAsync(() => api.EncodeAsync(Queries(), text), Wire.ErrorReason.TextTooLong, "texts[0]");
        }
    }

    private static Wire.EncodeOptions Queries(Action<Wire.EncodeOptions>? set = null)
    {
        var options = new Wire.EncodeOptions { Side = Wire.Side.Query };
        set?.Invoke(options);
        return options;
    }
}
