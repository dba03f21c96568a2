namespace SearchEngine.Server.Evaluation.Sweeping;

/// <summary>One combination that is measured.</summary>
internal readonly record struct SweepSetting(int WalkDimension, int RescoreDimension, Wire.WalkCode Code, int Breadth);
