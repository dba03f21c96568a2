using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Server.Evaluation.Judged;

/// <summary>
/// Sets of judgements on the disk: a folder per collection, and in it one per sight of the collection. A key that does not see all has
/// sets of its own: queries and ids of others would tell it of what it does not see.
/// </summary>
/// <param name="mostBytes">Of one set, as it travels.</param>
internal sealed class JudgementShelf(string root, long mostBytes = EvaluationLimits.MaxSetBytes)
{
    private const string Extension = ".judgements";
    private const string WholeSight = "all";

    private readonly Lock _gate = new();

    /// <summary>Replaces a set, or adds to it.</summary>
    /// <param name="mode">What becomes of a set of the same name.</param>
    /// <param name="summary">Made of the set as it is kept.</param>
    public Wire.JudgementsSummary Keep(
        string collection, string sight, JudgementSet set, Wire.JudgementsMode mode, Func<JudgementSet, Wire.JudgementsSummary> summary)
    {
        lock (_gate)
        {
            string folder = FolderOf(collection, sight);
            string path = PathOf(folder, set.Name);
            DurableFolder.Make(folder);
            bool exists = File.Exists(path);
            if (!exists && Directory.EnumerateFiles(folder, "*" + Extension).Count() >= EvaluationLimits.MaxSets)
            {
                throw Refusal.Limit("header.name", EvaluationLimits.MaxSets + 1, EvaluationLimits.MaxSets, "sets", "Delete a set that is no longer needed.");
            }
            JudgementSet whole = exists && mode == Wire.JudgementsMode.Merge ? JudgementFile.Read(path).Set : set;
            if (whole != set)
            {
                whole.Take(set);
                JudgementReader.CheckSize(whole);
                CheckBytes(whole);
            }
            Wire.JudgementsSummary made = summary(whole);
            JudgementFile.Write(path, made, whole);
            return made;
        }
    }

    public IReadOnlyList<Wire.JudgementsSummary> List(string collection, string sight)
    {
        string folder = FolderOf(collection, sight);
        lock (_gate)
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder, "*" + Extension).Select(JudgementFile.ReadSummary).OrderBy(static s => s.Name, StringComparer.Ordinal)]
                : [];
        }
    }

    /// <returns>Null where there is none of that name.</returns>
    public (Wire.JudgementsSummary Summary, JudgementSet Set)? Find(string collection, string sight, string name)
    {
        string path = PathOf(FolderOf(collection, sight), name);
        lock (_gate)
        {
            return File.Exists(path) ? JudgementFile.Read(path) : null;
        }
    }

    /// <returns>Whether there was one.</returns>
    public bool Delete(string collection, string sight, string name)
    {
        string path = PathOf(FolderOf(collection, sight), name);
        lock (_gate)
        {
            if (!File.Exists(path))
            {
                return false;
            }
            DurableFolder.Delete(path);
            return true;
        }
    }

    /// <summary>All sets of a collection that is no more.</summary>
    public void Forget(string collection)
    {
        lock (_gate)
        {
            string folder = Path.Combine(root, collection);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private void CheckBytes(JudgementSet whole)
    {
        long bytes = 0;
        foreach (Wire.LoadJudgementsRequest frame in JudgementFrames.Of(whole))
        {
            bytes += frame.CalculateSize();
            if (bytes > mostBytes)
            {
                throw Refusal.Limit("queries", bytes, mostBytes, "bytes", "Load what is added as a set of its own.");
            }
        }
    }

    // Names of sets are any text; file names are not.
    private static string PathOf(string folder, string name) => Path.Combine(folder, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name)) + Extension);

    private string FolderOf(string collection, string sight) =>
        Path.Combine(root, collection, sight.Length == 0 ? WholeSight : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sight))));
}
