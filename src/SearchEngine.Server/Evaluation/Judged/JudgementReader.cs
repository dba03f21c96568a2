using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Evaluation.Judged;

/// <summary>Reads a set as a client streams it: a header, then queries and judgements in any order, each checked as it comes.</summary>
internal sealed class JudgementReader(CollectionSchema schema, Wire.JudgementsHeader header)
{
    private readonly JudgementSet _set = new(header.Name) { Origin = header.Origin };
    private long _bytes;

    /// <summary>Queries and judgements that came more than once; the last one counts.</summary>
    public int Repeated { get; private set; }

    public static async Task<Wire.JudgementsHeader> ReadHeaderAsync(RequestStream<Wire.LoadJudgementsRequest> requests)
    {
        Wire.JudgementsHeader header = (await requests.ReadAsync().ConfigureAwait(false))?.Header
            ?? throw Refusal.Of(Wire.ErrorReason.FrameOrder, "header", "The first frame is the header.", "Send JudgementsHeader first.");
        CheckName(header.Name, "header.name");
        CheckKnown(header.Mode, "header.mode");
        CheckKnown(header.UnknownIds, "header.unknown_ids");
        return header;
    }

    public static void CheckName(string name, string path)
    {
        if (name.Length == 0)
        {
            throw Refusal.Required(path, "Name the set of judgements.");
        }
        TextLength.Check(name, EvaluationLimits.MaxNameBytes, path);
    }

    /// <summary>Refuses a set that has become too large.</summary>
    public static void CheckSize(JudgementSet set)
    {
        if (set.Queries.Count > EvaluationLimits.MaxQueries)
        {
            throw Refusal.Limit("queries", set.Queries.Count, EvaluationLimits.MaxQueries, "queries", "Load several sets.");
        }
        if (set.Groups.Count > EvaluationLimits.MaxGroupsOfSet)
        {
            throw Refusal.Limit("queries.groups", set.Groups.Count, EvaluationLimits.MaxGroupsOfSet, "groups", "Use fewer groups.");
        }
        if (set.Judgements > EvaluationLimits.MaxJudgements)
        {
            throw Refusal.Limit("judgements", set.Judgements, EvaluationLimits.MaxJudgements, "judgements", "Load several sets.");
        }
    }

    public async Task<JudgementSet> ReadAsync(RequestStream<Wire.LoadJudgementsRequest> requests)
    {
        while (await requests.ReadAsync().ConfigureAwait(false) is { } frame)
        {
            _bytes += frame.CalculateSize();
            if (_bytes > EvaluationLimits.MaxSetBytes)
            {
                throw Refusal.Limit("queries", _bytes, EvaluationLimits.MaxSetBytes, "bytes", "Load several sets.");
            }
            switch (frame.FrameCase)
            {
                case Wire.LoadJudgementsRequest.FrameOneofCase.Queries:
                    Add(frame.Queries);
                    break;
                case Wire.LoadJudgementsRequest.FrameOneofCase.Judgements:
                    Add(frame.Judgements);
                    break;
                default:
                    throw Refusal.Of(Wire.ErrorReason.FrameOrder, "", "A frame after the header holds queries or judgements.", "Send the header once, and first.");
            }
            CheckSize(_set);
        }
        return _set;
    }

    private void Add(Wire.JudgedQueries frame)
    {
        for (int i = 0; i < frame.Queries.Count; i++)
        {
            string path = $"queries.queries[{i}]";
            Check(frame.Queries[i], path);
            Repeated += _set.Add(frame.Queries[i]) ? 0 : 1;
        }
    }

    private void Add(Wire.JudgementList frame)
    {
        for (int i = 0; i < frame.Judgements.Count; i++)
        {
            Wire.Judgement judgement = frame.Judgements[i];
            string path = $"judgements.judgements[{i}]";
            CheckId(judgement.QueryId, path);
            if (judgement.Grade > EvaluationLimits.MaxGrade)
            {
                throw Refusal.Of(
                    Wire.ErrorReason.LimitExceeded, $"{path}.grade", $"Grade {judgement.Grade}: 0 to {EvaluationLimits.MaxGrade} are possible.", "Scale the grades down.",
                    actual: Refusal.Number(judgement.Grade), limit: $"{EvaluationLimits.MaxGrade}");
            }
            Repeated += _set.Add(judgement.QueryId, IdMap.Read(judgement.Id, $"{path}.id"), (int)judgement.Grade) ? 0 : 1;
        }
    }

    private void Check(Wire.JudgedQuery query, string path)
    {
        CheckId(query.QueryId, path);
        if (query.Groups.Count > EvaluationLimits.MaxGroups)
        {
            throw Refusal.Limit($"{path}.groups", query.Groups.Count, EvaluationLimits.MaxGroups, "groups", "Use fewer.");
        }
        foreach (string group in query.Groups)
        {
            TextLength.Check(group, EvaluationLimits.MaxGroupBytes, $"{path}.groups");
        }
        if (query.Vector is null || query.Text.Length > 0)
        {
            TextCheck.Query(query.Text, $"{path}.text");
        }
        if (query.Vector is not null)
        {
            CheckVector(query.Vector, $"{path}.vector");
        }
    }

    // Which vector it is for is known only when it is evaluated; one of them it has to fit.
    private void CheckVector(Wire.Vector vector, string path)
    {
        int elements = VectorMap.Read(vector, path).Length;
        VectorSchema[] fitting = [.. schema.Vectors.Where(declared => declared.Dimension == elements)];
        if (fitting.Length == 0)
        {
            VectorSchema first = schema.Vectors.Count > 0
                ? schema.Vectors[0]
                : throw Refusal.Of(Wire.ErrorReason.VectorUnknown, path, "The collection has no vectors.", "Send the text alone.").With("vectors", "");
            VectorMap.Read(vector, first, path);
        }
        VectorMap.Read(vector, fitting[0], path);
        if (!fitting.Any(declared => IsOfSpace(declared)))
        {
            SpaceGuard.CheckQuery(fitting[0], header.Origin, "header.origin");
        }
    }

    private bool IsOfSpace(VectorSchema declared)
    {
        try
        {
            SpaceGuard.CheckQuery(declared, header.Origin, "header.origin");
            return true;
        }
        catch (RpcException)
        {
            // Another vector of the collection may be the one; where none is, the first says why.
            return false;
        }
    }

    private static void CheckId(string id, string path)
    {
        if (id.Length == 0)
        {
            throw Refusal.Required($"{path}.query_id", "Name the query.");
        }
        TextLength.Check(id, EvaluationLimits.MaxQueryIdBytes, $"{path}.query_id");
    }

    private static void CheckKnown<T>(T value, string path)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw Refusal.Invalid(path, "There is no such value.", $"Use a value of {typeof(T).Name}.", value.ToString());
        }
    }
}
