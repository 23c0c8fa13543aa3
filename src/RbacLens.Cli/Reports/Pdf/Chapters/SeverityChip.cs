using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>A severity's name on its colour.</summary>
static class SeverityChip
{
    public static Block Of(Look look, Severity severity) => new($"{severity}".ToUpperInvariant(), look.Chip) { Chip = Look.Of(severity) };
}
