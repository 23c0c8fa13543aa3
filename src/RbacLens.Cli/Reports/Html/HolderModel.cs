using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>Who holds most risk: the subjects with the gravest open findings.</summary>
static class HolderModel
{
    const int Shown = 7;

    /// <summary>The worst first; among equals who has more.</summary>
    public static List<Dictionary<string, object?>> Worst(Posture posture)
    {
        var known = posture.Subjects.Select(subject => subject.Subject).ToHashSet();
        return
        [
            .. (from finding in posture.Findings
                where finding.Suppression is null && finding.About.Kind is "User" or "Group" or "ServiceAccount"
                group finding by finding.About into about
                let worst = about.Max(finding => finding.Severity)
                orderby worst descending, about.Count(finding => finding.Severity == worst) descending, about.Count() descending, about.Key
                select new Dictionary<string, object?>
                {
                    ["severity"] = SeverityModel.Of(worst),
                    ["subject"] = SubjectModel.Of(about.Key),
                    ["link"] = Link(about.Key, known),
                    ["count"] = Counted.Of(about.Count(), "finding"),
                }).Take(Shown),
        ];
    }

    /// <summary>The page of a subject, or null where there is none.</summary>
    public static string? Link(Target about, HashSet<Target> known) =>
        known.Contains(about) ? FilterLink.ToSubject(SafeText.Of(about.Kind), SubjectModel.Text(about)) : null;
}
