using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SearchEngine.Cli.Admin;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Transfer;

/// <summary><c>import</c>: a file into a collection, in a way that may be killed on either side and started again.</summary>
internal static class ImportCommand
{
    private const int DefaultPatience = 120;

    private static readonly Argument<string> FilePath = new("file")
    {
        Description = ".jsonl; a BEIR folder (its corpus.jsonl); .fvecs, .bvecs, .ivecs, .fbin, .u8bin, .i8bin, .npy (ids are row numbers from 0).",
    };

    private static readonly Option<string> Collection = new("--collection", "-c") { Required = true, Description = "Collection or alias." };
    private static readonly Option<bool> Make = new("--create") { Description = "Create the collection, if it is not there, with the schema that the first 1,000 records ask for." };
    private static readonly Option<string> Encoder = new("--encoder") { DefaultValueFactory = _ => "127.0.0.1:7701", Description = "With --create and texts: the encoder process to bind the collection to." };
    private static readonly Option<string> Model = new("--model") { DefaultValueFactory = _ => "", Description = "Its model. Default: the first that makes vectors." };
    private static readonly Option<Wire.Metric> Metric = new("--metric") { DefaultValueFactory = _ => Wire.Metric.Cosine, Description = "With --create and vectors: Cosine, Dot or Euclidean." };
    private static readonly Option<string?> Space = new("--space") { Description = "The space that the file's vectors are of, for a collection that is bound to one." };
    private static readonly Option<bool> Again = new("--again") { Description = "Write everything anew, also what an earlier run of this import has done." };
    private static readonly Option<string?> Key = new("--resume-key") { Description = "Name of the import. Default: made of collection, path, size and time of the file." };
    private static readonly Option<int> Patience = new("--patience") { DefaultValueFactory = _ => DefaultPatience, Description = "Seconds that the server may be away before the import gives up." };

    public static Command Create() => new Command(
        "import",
        """
        Imports a file. Killed or broken off, on either side, the same command goes on where the server stands.

        A line of JSON: {"id": "a-1", "title": "…", "text": "…", "attributes": {"year": 2026}}, or with "vector": [0.1, …];
        other members become attributes. Of a vector file, the row's number is the id.

        Examples:
          searchengine import articles.jsonl -c articles --create
          searchengine import beir/scifact -c scifact --create --encoder 127.0.0.1:7701
          searchengine import base.fvecs -c sift --create --metric Euclidean
        """)
    {
        FilePath, Collection, Make, Encoder, Model, Metric, Space, Again, Key, Patience,
    }.With("import", RunAsync);

    private static async Task RunAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        RecordFile file = RecordFile.Open(parsed.GetRequiredValue(FilePath));
        string collection = parsed.GetRequiredValue(Collection);
        Wire.CollectionConfig schema = await SchemaAsync(session, parsed, collection, file, cancel).ConfigureAwait(false);
        var header = new Wire.UploadHeader
        {
            Header = Session.Header(collection),
            ResumeKey = parsed.GetValue(Key) ?? KeyOf(collection, file.Path, parsed.GetValue(Again)),
            Origin = parsed.GetValue(Space) is { } space ? new Wire.VectorOrigin { Space = space, Side = Wire.Side.Document } : null,
        };
        using IEnumerator<Record> records = file.Read().GetEnumerator();
        var progress = new ImportProgress(file.Count);
        long began = Stopwatch.GetTimestamp();
        UploadState end;
        try
        {
            end = await new Uploader(session, header, new PointQueue(records, new PointMap(schema)), progress.Show)
                .RunAsync(TimeSpan.FromSeconds(parsed.GetValue(Patience)), cancel).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }
        new ImportReport(collection, header.ResumeKey, end, Stopwatch.GetElapsedTime(began)).Show(session.Form);
        if (end.Refused > 0)
        {
            throw new InputException($"{end.Refused} records were refused; the others are written.");
        }
    }

    private static async Task<Wire.CollectionConfig> SchemaAsync(Session session, ParseResult parsed, string collection, RecordFile file, CancellationToken cancel)
    {
        try
        {
            return (await session.CallAsync(Api.Describe, new Wire.DescribeCollectionRequest { Header = Session.Header(collection) }, cancel).ConfigureAwait(false)).Collection.Config;
        }
        catch (RpcException unknown) when (unknown.Code == StatusCode.NotFound && parsed.GetValue(Make))
        {
            Record[] sample = [.. file.Read().Take(SchemaInference.Sample)];
            Wire.ModelDescription? encoder = Array.Exists(sample, record => record.Vectors.Count > 0) ? null : await EncoderAsync(session, parsed, cancel).ConfigureAwait(false);
            Wire.CollectionConfig schema = SchemaInference.Of(sample, encoder);
            foreach (Wire.VectorSchema vector in schema.Vectors)
            {
                vector.Metric = encoder is null ? parsed.GetValue(Metric) : vector.Metric;
            }
            Wire.CreateCollectionReply made = await session.CallAsync(
                Api.Create, new Wire.CreateCollectionRequest { Header = Session.Header(collection), Config = schema }, cancel).ConfigureAwait(false);
            if (session.Form == OutputForm.Text)
            {
                Screen.Line($"Created from the first {sample.Length} records:");
                CollectionText.Write(made.Collection);
            }
            return made.Collection.Config;
        }
    }

    private static async Task<Wire.ModelDescription> EncoderAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        using var channel = new RpcChannel(ServerAddress.Parse(parsed.GetRequiredValue(Encoder), Encoder.Name));
        try
        {
            return await EncoderLookup.FirstAsync(channel, parsed.GetRequiredValue(Model), session.Timed.Timeout!.Value, cancel).ConfigureAwait(false);
        }
        catch (RpcException away) when (away.Code == StatusCode.Unavailable)
        {
            throw new InputException($"The file has texts and no vectors, and no encoder answers at {parsed.GetValue(Encoder)}: start one (`searchengine encode --model DIR`) or name it with --encoder.", away);
        }
    }

    // The same file into the same collection is the same import; a file that was changed is another one.
    private static string KeyOf(string collection, string path, bool again)
    {
        const int HexDigits = 32;
        var file = new FileInfo(path);
        string about = $"{collection}\n{file.FullName}\n{file.Length}\n{file.LastWriteTimeUtc.Ticks}\n{(again ? Guid.NewGuid() : Guid.Empty)}";
        return $"import-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(about)))[..HexDigits]}";
    }
}
