using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Batching;

/// <summary>
/// Who runs next, together with whom: a pure function of the waiting list, the clock, when each lane was served last, and the cost
/// model. It never asks to wait: the time until an executor is free is the only window in which batches grow.
/// </summary>
internal static class BatchPolicy
{
    /// <param name="waiting">In any order.</param>
    /// <param name="now">Milliseconds of the clock that arrivals and deadlines are told by.</param>
    /// <param name="servedAt">When each lane was last chosen for.</param>
    /// <param name="rules">How lanes share.</param>
    public static BatchChoice Choose(
        IReadOnlyList<WaitingText> waiting, double now, ReadOnlySpan<double> servedAt, LaneRules rules)
    {
        var choice = new BatchChoice();
        var anchor = -1;
        (int Turn, double Slack, double Arrived) best = default;
        for (var i = 0; i < waiting.Count; i++)
        {
            var text = waiting[i];
            if (text.IsAbandoned)
            {
                choice.Abandoned.Add(i);
            }
            else if (now + text.Group.Pace.Millis(1, text.Bucket) > text.Deadline)
            {
                choice.Late.Add(i);
            }
            else
            {
                var rank = (Turn(text, now, servedAt, rules), Slack(text, now, rules), text.Arrived);
                if (anchor < 0 || rank.CompareTo(best) < 0)
                    (anchor, best) = (i, rank);
            }
        }
        if (anchor >= 0)
            Fill(waiting, anchor, now, rules, choice);
        return choice;
    }

    /// <summary>The lane's number; below all of them for a lane that has waited longer than its patience.</summary>
    private static int Turn(WaitingText text, double now, ReadOnlySpan<double> servedAt, LaneRules rules)
    {
        var lane = (int)text.Lane;
        return now - Math.Max(text.Arrived, servedAt[lane]) > rules.Patience[lane] ? -1 : lane;
    }

    private static double Slack(WaitingText text, double now, LaneRules rules)
    {
        var due = Math.Min(text.Deadline, text.Arrived + rules.Goal[(int)text.Lane]);
        return due - now - text.Group.Pace.Millis(1, text.Bucket);
    }

    private static void Fill(IReadOnlyList<WaitingText> waiting, int anchor, double now, LaneRules rules, BatchChoice choice)
    {
        var first = waiting[anchor];
        var pace = first.Group.Pace;
        choice.Lane = first.Lane;
        choice.Length = first.Length;
        choice.Millis = pace.Millis(1, choice.Length);
        choice.Batch.Add(anchor);
        // A shape that other texts have no part in is the only one whose sums are surely in the same order.
        if (first.Group.Options.Determinism == BatchDeterminism.BitExact)
            return;
        var (tokens, deadline) = (first.Tokens.Count, first.Deadline);
        foreach (var mate in Mates(waiting, anchor, now, rules))
        {
            var text = waiting[mate];
            var rows = choice.Batch.Count + 1;
            if (!Fits(rows, choice.Length, first, rules))
                break;
            var length = Math.Max(choice.Length, text.Tokens.Count);
            var millis = pace.Millis(rows, length);
            // Among short texts of one bucket company is worth more than padding costs.
            var pads = text.Bucket == first.Bucket
                ? millis - choice.Millis > pace.Millis(1, text.Tokens.Count)
                : PaddingShare(tokens + text.Tokens.Count, rows, length) > rules.PaddingShare;
            if (pads || !Fits(rows, length, first, rules) || now + millis > Math.Min(deadline, text.Deadline))
                continue;
            deadline = Math.Min(deadline, text.Deadline);
            tokens += text.Tokens.Count;
            (choice.Millis, choice.Length) = (millis, length);
            choice.Batch.Add(mate);
        }
    }

    private static bool Fits(int rows, int length, WaitingText first, LaneRules rules) => rows * length <= first.Group.Pace.BatchTokens
        && first.Group.Pace.Millis(rows, length) <= rules.LongestBatch[(int)first.Lane];

    /// <summary>
    /// Who may join, nearest length first, then least slack: from the anchor's bucket and those below it, and never from a less urgent
    /// lane, whose rows would make the anchor wait.
    /// </summary>
    private static IEnumerable<int> Mates(IReadOnlyList<WaitingText> waiting, int anchor, double now, LaneRules rules)
    {
        var first = waiting[anchor];
        return Enumerable.Range(0, waiting.Count)
            .Where(i => i != anchor && MayJoin(waiting[i], first, now))
            .OrderBy(i => Math.Abs(waiting[i].Tokens.Count - first.Tokens.Count))
            .ThenBy(i => Slack(waiting[i], now, rules))
            .ThenBy(i => waiting[i].Arrived);
    }

    private static bool MayJoin(WaitingText text, WaitingText first, double now) =>
        text.Bucket <= first.Bucket && text.Lane <= first.Lane && text.Group == first.Group && !text.IsAbandoned
        && now + text.Group.Pace.Millis(1, text.Bucket) <= text.Deadline;

    private static double PaddingShare(int tokens, int rows, int length) => 1 - (double)tokens / ((long)rows * length);
}
