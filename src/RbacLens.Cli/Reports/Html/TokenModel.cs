using RbacLens.Audit;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of the service accounts whose tokens workloads hold.</summary>
static class TokenModel
{
    const int WorkloadsShown = 6;

    /// <summary>Those that were not used first; each with the workloads and its use.</summary>
    public static List<Dictionary<string, object?>> Of(Posture posture, Usage usage)
    {
        var known = posture.Subjects.Select(subject => subject.Subject).ToHashSet();
        return
        [
            .. from account in TokenWords.Ordered(usage)
               let target = Target.Of(account.Account)
               select new Dictionary<string, object?>
               {
                   ["subject"] = SubjectModel.Of(target),
                   ["link"] = HolderModel.Link(target, known),
                   ["workloads"] = account.MountedIn.Take(WorkloadsShown).Select(SafeText.Of).ToList(),
                   ["more"] = account.MountedIn.Length <= WorkloadsShown ? null : Counted.Number(account.MountedIn.Length - WorkloadsShown),
                   ["use"] = TokenWords.Use(account),
                   ["unused"] = TokenWords.IsUnused(account),
               },
        ];
    }
}
