using SearchEngine.Cli.Remote;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Demo;

/// <summary>Two mistakes that every team makes once, and that most stores accept: a vector of the wrong side, and of another model.</summary>
internal sealed class DemoRefusals(Session session, Uri encoder, Wire.ModelDescription model)
{
    private const string ForeignSpace = "other-company/embedding-3";

    public async Task<IReadOnlyList<Refused>> RunAsync(CancellationToken cancel)
    {
        using var channel = new RpcChannel(encoder);
        var encode = new Wire.EncodeRequest { Options = new Wire.EncodeOptions { Model = model.Model, Side = Wire.Side.Query } };
        encode.Texts.Add("where do I find my invoices?");
        Wire.EncodeReply encoded = await channel.UnaryAsync(Api.Encode, encode, session.Timed, cancel).ConfigureAwait(false);
        Wire.Vector vector = encoded.Items[0].Dense;
        return
        [
            await TryAsync(
                "A question's vector, written as if it were a document's (same model, same dimension)", vector,
                new Wire.VectorOrigin { Space = encoded.Fingerprint.Space, Side = Wire.Side.Query }, cancel).ConfigureAwait(false),
            await TryAsync(
                "A vector of another model that happens to have the same dimension", vector,
                new Wire.VectorOrigin { Space = ForeignSpace, Side = Wire.Side.Document }, cancel).ConfigureAwait(false),
        ];
    }

    private async Task<Refused> TryAsync(string what, Wire.Vector vector, Wire.VectorOrigin origin, CancellationToken cancel)
    {
        var request = new Wire.UpsertRequest { Header = Session.Header(DemoCollection.Name), Origin = origin };
        request.Points.Add(new Wire.Point { Id = new Wire.Id { Text = "stray" }, Vector = vector });
        try
        {
            await session.CallAsync(Api.Upsert, request, cancel).ConfigureAwait(false);
        }
        catch (RpcException refused) when (refused.Reason is not null)
        {
            return new Refused(what, refused);
        }
        throw new InputException($"{what} was accepted: this server does not do what it promises.");
    }

    /// <summary>A mistake, and what the server said to it.</summary>
    internal sealed record Refused(string Mistake, RpcException Error);
}
