using System.Globalization;
using System.Security.Cryptography;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Evaluating;

/// <summary>A set of judgements on the server for as long as a command needs it. One that the server had before is left there.</summary>
internal sealed class JudgementSet : IAsyncDisposable
{
    private const int FrameItems = 1_000;

    /// <summary>Of the greatest dimension they stay below the 4 MiB of a frame.</summary>
    private const int FrameVectors = 100;

    private readonly Session _session;
    private readonly string _collection;
    private readonly bool _isOwn;

    private JudgementSet(Session session, string collection, string name, bool isOwn) => (_session, _collection, Name, _isOwn) = (session, collection, name, isOwn);

    public string Name { get; }

    /// <summary>One that was loaded under this name before.</summary>
    public static JudgementSet Known(Session session, string collection, string name) => new(session, collection, name, isOwn: false);

    /// <summary>Loads queries and judgements of files; they are deleted again.</summary>
    public static async Task<JudgementSet> OfFilesAsync(Session session, string collection, JudgedQueries queries, CancellationToken cancel)
    {
        // Two commands at once would delete each other's sets.
        string name = $"cli-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var set = new JudgementSet(session, collection, name, isOwn: true);
        Wire.JudgementsSummary loaded = await LoadAsync(session, collection, name, queries, AsText, cancel).ConfigureAwait(false);
        if (loaded.UnknownIds > 0 && queries.Queries.All(query => query.Grades.Keys.All(IsNumber)))
        {
            // Files do not say whether an id is a number or a text; rows of vector files have numbers.
            Wire.JudgementsSummary numbers = await LoadAsync(session, collection, name, queries, AsNumber, cancel).ConfigureAwait(false);
            loaded = numbers.UnknownIds <= loaded.UnknownIds ? numbers : await LoadAsync(session, collection, name, queries, AsText, cancel).ConfigureAwait(false);
        }
        if (loaded.UnknownIds > 0)
        {
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"warning: the collection lacks {loaded.UnknownIds} of the judged documents; they count as not found.")).ConfigureAwait(false);
        }
        return set;
    }

    /// <summary>Queries that are vectors, without judgements, for collections that are not bound to a space.</summary>
    /// <returns>The set's name.</returns>
    public static async Task<string> LoadVectorsAsync(Session session, string collection, IEnumerable<Record> queries, CancellationToken cancel)
    {
        const string Name = "vectors";
        var frames = queries.Select((record, i) => new Wire.JudgedQuery { QueryId = i.ToString(CultureInfo.InvariantCulture), Vector = PointMap.Of(record.Vectors.Values.First()) })
            .Chunk(FrameVectors).Select(some => new Wire.LoadJudgementsRequest { Queries = new Wire.JudgedQueries { Queries = { some } } });
        await SendAsync(session, frames.Prepend(Header(collection, Name)), cancel).ConfigureAwait(false);
        return Name;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOwn)
        {
            var request = new Wire.DeleteJudgementsRequest { Header = Session.Header(_collection), Name = Name };
            await _session.CallAsync(Api.DeleteJudgements, request, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static Task<Wire.JudgementsSummary> LoadAsync(
        Session session, string collection, string name, JudgedQueries queries, Func<string, Wire.Id> id, CancellationToken cancel) =>
        SendAsync(session, Frames(collection, name, queries, id), cancel);

    private static async Task<Wire.JudgementsSummary> SendAsync(Session session, IEnumerable<Wire.LoadJudgementsRequest> frames, CancellationToken cancel)
    {
        await using ClientStreamCall<Wire.LoadJudgementsRequest, Wire.LoadJudgementsReply> call =
            await session.Channel.ClientStreamAsync(Api.LoadJudgements, cancellation: cancel).ConfigureAwait(false);
        foreach (Wire.LoadJudgementsRequest frame in frames)
        {
            try
            {
                await call.WriteAsync(frame).ConfigureAwait(false);
            }
            catch (RequestsClosedException)
            {
                // The server has ended the call; its reply says why.
                break;
            }
        }
        return (await call.CompleteAsync().ConfigureAwait(false)).Summary;
    }

    private static IEnumerable<Wire.LoadJudgementsRequest> Frames(string collection, string name, JudgedQueries queries, Func<string, Wire.Id> id)
    {
        yield return Header(collection, name);
        foreach (JudgedQueries.Query[] some in queries.Queries.Chunk(FrameItems))
        {
            var frame = new Wire.JudgedQueries();
            frame.Queries.Add(some.Select(query => new Wire.JudgedQuery { QueryId = query.Id, Text = query.Text, Groups = { query.Groups } }));
            yield return new Wire.LoadJudgementsRequest { Queries = frame };
        }
        IEnumerable<Wire.Judgement> judgements = queries.Queries.SelectMany(query => query.Grades.Select(
            grade => new Wire.Judgement { QueryId = query.Id, Id = id(grade.Key), Grade = (uint)Math.Max(0, grade.Value) }));
        foreach (Wire.Judgement[] some in judgements.Chunk(FrameItems))
        {
            yield return new Wire.LoadJudgementsRequest { Judgements = new Wire.JudgementList { Judgements = { some } } };
        }
    }

    private static Wire.LoadJudgementsRequest Header(string collection, string name) =>
        new() { Header = new Wire.JudgementsHeader { Header = Session.Header(collection), Name = name } };

    private static Wire.Id AsText(string id) => new() { Text = id };

    private static Wire.Id AsNumber(string id) => new() { Number = ulong.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture) };

    private static bool IsNumber(string id) => ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
