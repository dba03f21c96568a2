namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>Turns a parsed pattern into a program for <see cref="PatternMatcher"/>.</summary>
internal sealed class PatternCompiler
{
    private readonly List<PatternInstruction> _program = [];
    private readonly string _path;

    private PatternCompiler(string path) => _path = path;

    public static PatternInstruction[] Compile(PatternNode node, string path)
    {
        var compiler = new PatternCompiler(path);
        compiler.Emit(node);
        compiler.Add(new(PatternOperation.Accept));
        return [.. compiler._program];
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Set set:
                Add(new(PatternOperation.Set, Set: set.Members));
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Emit(part);
                }
                break;
            case PatternNode.Alternation alternation:
                EmitAlternation(alternation);
                break;
            case PatternNode.Repeat { Mode: RepeatMode.Possessive } repeat when repeat.Body is not PatternNode.Set:
                EmitNested(new(PatternOperation.Atomic), repeat with { Mode = RepeatMode.Greedy });
                break;
            case PatternNode.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case PatternNode.Atomic atomic:
                EmitNested(new(PatternOperation.Atomic), atomic.Body);
                break;
            case PatternNode.Look look:
                EmitNested(new(PatternOperation.Look, B: (int)look.Kind), look.Body);
                break;
            case PatternNode.Anchor anchor:
                Add(new(PatternOperation.Anchor, (int)anchor.Kind));
                break;
        }
    }

    private void EmitAlternation(PatternNode.Alternation alternation)
    {
        var jumps = new List<int>();
        for (var choice = 0; choice < alternation.Choices.Count - 1; choice++)
        {
            var split = Add(new(PatternOperation.Split));
            Emit(alternation.Choices[choice]);
            jumps.Add(Add(new(PatternOperation.Jump)));
            _program[split] = new(PatternOperation.Split, split + 1, _program.Count);
        }
        Emit(alternation.Choices[^1]);
        foreach (var jump in jumps)
        {
            _program[jump] = new(PatternOperation.Jump, _program.Count);
        }
    }

    private void EmitRepeat(PatternNode.Repeat repeat)
    {
        if (repeat.Body is PatternNode.Set set && repeat.Mode != RepeatMode.Lazy)
        {
            var operation = repeat.Mode == RepeatMode.Possessive ? PatternOperation.PossessiveLoop : PatternOperation.GreedyLoop;
            Add(new(operation, repeat.Min, repeat.Max, set.Members));
            return;
        }
        for (var count = 0; count < repeat.Min; count++)
        {
            Emit(repeat.Body);
        }
        if (repeat.Max == int.MaxValue)
        {
            var loop = Add(new(PatternOperation.Split));
            Emit(repeat.Body);
            Add(new(PatternOperation.Jump, loop));
            _program[loop] = Choice(repeat.Mode, loop + 1, _program.Count);
            return;
        }
        var splits = new List<int>();
        for (var count = repeat.Min; count < repeat.Max; count++)
        {
            splits.Add(Add(new(PatternOperation.Split)));
            Emit(repeat.Body);
        }
        foreach (var split in splits)
        {
            _program[split] = Choice(repeat.Mode, split + 1, _program.Count);
        }
    }

    private static PatternInstruction Choice(RepeatMode mode, int body, int exit) => mode == RepeatMode.Lazy
        ? new(PatternOperation.Split, exit, body)
        : new(PatternOperation.Split, body, exit);

    private void EmitNested(PatternInstruction head, PatternNode body)
    {
        var place = Add(head);
        if (head.Operation == PatternOperation.Look && (LookKind)head.B is LookKind.Behind or LookKind.NotBehind)
        {
            Add(new(PatternOperation.StepBack, body.FixedLength));
        }
        Emit(body);
        Add(new(PatternOperation.Accept));
        _program[place] = head with { A = _program.Count };
    }

    private int Add(PatternInstruction instruction)
    {
        if (_program.Count >= PatternLimits.MaxInstructions)
        {
            throw new TokenizerException(_path, $"The pattern needs more than {PatternLimits.MaxInstructions} instructions.");
        }
        _program.Add(instruction);
        return _program.Count - 1;
    }
}
