using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>
/// Runs a program at one place of a text, with backtracking on an explicit stack and a budget of steps: a hostile pattern
/// ends in an error, never in a hang or a stack overflow.
/// </summary>
internal readonly ref struct PatternMatcher(PatternInstruction[] program, ReadOnlySpan<char> text, BacktrackStack stack)
{
    private const int Failed = -1;

    private readonly ReadOnlySpan<PatternInstruction> _program = program;
    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>The end of the match that starts at <paramref name="position"/>, or -1.</summary>
    public int Match(int position) => Run(0, position);

    private int Run(int instruction, int position)
    {
        var floor = stack.Count;
        while (true)
        {
            if (--stack.Steps < 0)
            {
                throw BacktrackStack.Exhausted();
            }
            ref readonly var current = ref _program[instruction];
            var next = instruction + 1;
            switch (current.Operation)
            {
                case PatternOperation.Set:
                    position = Step(current.Set!, position);
                    break;
                case PatternOperation.GreedyLoop or PatternOperation.PossessiveLoop:
                    position = Loop(in current, next, position);
                    break;
                case PatternOperation.Split:
                    stack.Push(current.B, position, Failed);
                    next = current.A;
                    break;
                case PatternOperation.Jump:
                    next = current.A;
                    break;
                case PatternOperation.Atomic:
                    position = Run(next, position);
                    next = current.A;
                    break;
                case PatternOperation.Look:
                    var found = Run(next, position) != Failed;
                    position = found == ((LookKind)current.B is LookKind.Ahead or LookKind.Behind) ? position : Failed;
                    next = current.A;
                    break;
                case PatternOperation.StepBack:
                    position = StepBack(position, current.A);
                    break;
                case PatternOperation.Anchor:
                    position = Holds((AnchorKind)current.A, position) ? position : Failed;
                    break;
                case PatternOperation.Accept:
                    stack.Count = floor;
                    return position;
            }
            if (position == Failed && !TryBacktrack(floor, ref next, ref position))
            {
                return Failed;
            }
            instruction = next;
        }
    }

    private bool TryBacktrack(int floor, ref int instruction, ref int position)
    {
        if (stack.Count == floor)
        {
            return false;
        }
        ref var top = ref stack.Top;
        instruction = top.Instruction;
        if (top.Lowest == Failed)
        {
            position = top.Position;
            stack.Count--;
            return true;
        }
        position = top.Position;
        _ = CodePoints.ReadBack(_text, ref position);
        if (position > top.Lowest)
        {
            top.Position = position;
        }
        else
        {
            stack.Count--;
        }
        return true;
    }

    private int Step(CodePointSet set, int position) =>
        position < _text.Length && set.Contains(CodePoints.Read(_text, ref position)) ? position : Failed;

    private int Loop(in PatternInstruction loop, int next, int position)
    {
        var set = loop.Set!;
        var count = 0;
        var lowest = loop.A == 0 ? position : Failed;
        while (count < loop.B && position < _text.Length)
        {
            var after = position;
            if (!set.Contains(CodePoints.Read(_text, ref after)))
            {
                break;
            }
            position = after;
            if (++count == loop.A)
            {
                lowest = position;
            }
        }
        stack.Steps -= count;
        if (count < loop.A)
        {
            return Failed;
        }
        if (loop.Operation == PatternOperation.GreedyLoop && position > lowest)
        {
            stack.Push(next, position, lowest);
        }
        return position;
    }

    private int StepBack(int position, int characters)
    {
        for (; characters > 0; characters--)
        {
            if (position == 0)
            {
                return Failed;
            }
            _ = CodePoints.ReadBack(_text, ref position);
        }
        return position;
    }

    private bool Holds(AnchorKind kind, int position) => kind switch
    {
        AnchorKind.TextStart => position == 0,
        AnchorKind.TextEnd => position == _text.Length,
        AnchorKind.TextEndOrLastNewline =>
            position == _text.Length || (position == _text.Length - 1 && _text[position] == '\n'),
        AnchorKind.LineStart => position == 0 || (_text[position - 1] == '\n' && position < _text.Length),
        AnchorKind.LineEnd => position == _text.Length || _text[position] == '\n',
        AnchorKind.WordBoundary => IsBoundary(position),
        _ => !IsBoundary(position),
    };

    private bool IsBoundary(int position)
    {
        var (before, after) = (position, position);
        var wordBefore = before > 0 && CharacterClasses.IsPatternWord(CodePoints.ReadBack(_text, ref before));
        var wordAfter = after < _text.Length && CharacterClasses.IsPatternWord(CodePoints.Read(_text, ref after));
        return wordBefore != wordAfter;
    }
}
