using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of a grade.</summary>
static class GradeModel
{
    /// <summary>The letter, what it means and why.</summary>
    public static Dictionary<string, object?> Of(Grade grade, Framework? view = null) => new()
    {
        ["letter"] = grade.Letter.Length == 0 ? "–" : grade.Letter,
        ["level"] = Level(grade),
        ["atBest"] = grade.IsAtBest,
        ["covers"] = view is null ? null : $"{view.Id} controls",
        ["meaning"] = grade.Meaning,
        ["reasons"] = grade.Reasons.Select(SafeText.Of).ToList(),
    };

    static string Level(Grade grade) => grade.Letter switch
    {
        "A" => "clear",
        "B" => "medium",
        "C" => "high",
        "D" or "F" => "critical",
        _ => "info",
    };
}
