using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc.Operations;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Operations;

/// <summary>
/// Before the server says that it is ready, every collection finds a document of its own by the vector that is stored with it, exactly and by a
/// walk. What fails this would answer, and be wrong.
/// </summary>
internal static class SelfTest
{
    private const int Hits = 10;

    // Far beyond what finding a stored row takes: a walk that fails with it is broken, not unlucky.
    private const int Breadth = 256;

    private const float Tie = 1e-3f;

    /// <summary>Tests all collections; the board names those that fail, and why.</summary>
    public static void Run(CollectionStore store, ReadinessBoard readiness, ILogger log)
    {
        long began = Stopwatch.GetTimestamp();
        int passed = 0;
        foreach (string name in store.Names)
        {
            if (TryFind(store, name) is not { } collection)
            {
                // Too damaged to be opened: it is reported as such, and the others serve.
                continue;
            }
            if (Fault(collection) is { } fault)
            {
                readiness.Wait(PartOf(name), fault);
                if (TryFind(store, name) is null)
                {
                    // Deleted meanwhile, by a call that found nothing to clear.
                    readiness.Clear(PartOf(name));
                }
                ServerLog.SelfTestFailed(log, name, fault);
            }
            else
            {
                passed++;
            }
        }
        ServerLog.Ready(log, passed, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Under which a collection stands at the board, until it passes or is deleted.</summary>
    public static string PartOf(string collection) => $"collection {collection}";

    /// <summary>Null when the collection finds what it holds.</summary>
    public static string? Fault(Collection collection)
    {
        try
        {
            using PinnedView view = collection.Pin();
            return collection.Schema.Vectors.Select(vector => Fault(view, vector)).FirstOrDefault(static fault => fault is not null);
        }
        catch (CollectionException refused)
        {
            return refused.Message;
        }
    }

    private static string? Fault(PinnedView view, VectorSchema vector)
    {
        if (view.Sample(vector.Name) is not { } stored)
        {
            return null;
        }
        var request = new Engine.SearchRequest
        {
            VectorName = vector.Name,
            Query = stored.Vectors[vector.Name],
            Count = Hits,
            Accuracy = Engine.Accuracy.Exact,
        };
        IReadOnlyList<Engine.Hit> alone = view.Search(request with { Filter = new Filter { Must = [new Condition.IdIn([stored.Id])] } }).Hits;
        if (alone.Count != 1)
        {
            return $"vector \"{vector.Name}\": document {stored.Id} is stored, but a search among its id alone finds {alone.Count} documents.";
        }
        float own = alone[0].Score;
        return IsFound(view.Search(request).Hits, stored.Id, own) is false
            ? $"vector \"{vector.Name}\": an exact search does not find document {stored.Id} by its own vector."
            : IsFound(view.Search(request with { Accuracy = Engine.Accuracy.OfBreadth(Breadth) }).Hits, stored.Id, own) is false
                ? $"vector \"{vector.Name}\": a walk of breadth {Breadth} does not find document {stored.Id} by its own vector."
                : null;
    }

    // By the dot product a longer vector may score better, and equal ones are equal: then all hits score at least as the document does.
    private static bool IsFound(IReadOnlyList<Engine.Hit> hits, DocumentId id, float own) =>
        hits.Any(h => h.Id == id) || (hits.Count == Hits && hits.All(h => h.Score >= own - Tie * Math.Max(1, Math.Abs(own))));

    private static Collection? TryFind(CollectionStore store, string name)
    {
        try
        {
            return store.TryGet(name);
        }
        catch (CollectionException)
        {
            return null;
        }
    }
}
