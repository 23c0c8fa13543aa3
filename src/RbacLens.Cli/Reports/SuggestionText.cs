using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>Suggested roles as manifests; what people should know stands before them as comments.</summary>
static class SuggestionText
{
    const int MostLost = 12;
    const int MostOthers = 5;

    /// <summary>The lines; names in them are as they came.</summary>
    /// <param name="suggested">What is suggested.</param>
    /// <param name="log">What it is taken from.</param>
    /// <param name="cluster">Today's grants; null where nothing is compared.</param>
    /// <param name="everyone">What everybody may do.</param>
    public static IEnumerable<string> Lines(LeastPrivilege suggested, AuditLog log, Snapshot? cluster, Authorizer everyone)
    {
        yield return $"# What {suggested.Subject} used {JsonReport.Window(log.From, log.To)}: {Counted(suggested.Requests, "request")}.";
        yield return "# What happens less often than that is not among it.";
        foreach (var note in suggested.Notes)
            yield return $"# Note: {note}";
        foreach (var refused in suggested.Refused)
            yield return $"# Was refused, and is not granted: {refused}";
        if (cluster is not null)
            foreach (var line in Losses(suggested, cluster, everyone).Concat(Kept(suggested, cluster, everyone)))
                yield return $"# {line}";
        if (suggested.Roles.IsEmpty)
            yield return $"# {WithoutRoles(suggested)}";
        foreach (var line in suggested.Roles.SelectMany(RbacYaml.Role).Concat(suggested.Bindings.SelectMany(RbacYaml.Binding)))
            yield return line;
    }

    static string WithoutRoles(LeastPrivilege suggested) => suggested switch
    {
        { Requests: 0, LeftOut: 0 } => "Nothing that it asked was allowed, so there is nothing to grant.",
        { Requests: 0 } => "Nothing of what was allowed is granted here; the notes say why.",
        { Subject: Subject.Group { Name: WellKnown.Masters } } =>
            $"All of it was allowed by {WellKnown.Masters}, not by RBAC: the group needs no role, and none limits it. Ask for its members by name.",
        { LeftOut: > 0 } => "What is not left out is allowed to everybody; no role is needed for it.",
        { Subject: Subject.User { Name: WellKnown.Anonymous } or Subject.Group { Name: WellKnown.Unauthenticated } } =>
            "Everything it did is allowed to everybody, logged in or not; it needs no role of its own.",
        _ => "Everything it did is allowed to everybody who logs in; it needs no role of its own.",
    };

    static IEnumerable<string> Losses(LeastPrivilege suggested, Snapshot cluster, Authorizer everyone)
    {
        foreach (var (binding, lost, others) in suggested.LostAgainst(cluster, everyone))
        {
            yield return (others.IsEmpty ? $"Replaces {Text(binding)}"
                : $"Take it out of {Text(binding)}, which stays for {string.Join(", ", others.Take(MostOthers))}{(others.Length > MostOthers ? $" and {others.Length - MostOthers} more" : "")}")
                + (lost.IsEmpty ? ": nothing would be lost" : $": {Counted(lost.Length, "right")} would be lost");
            foreach (var rule in lost.Take(MostLost))
                yield return $"  - {string.Join(", ", rule.Verbs)} {string.Join(", ", rule.Resources.Concat(rule.NonResourceUrls))}"
                    + $"{(rule.ApiGroups.IsEmpty || rule.ApiGroups[0].Length == 0 ? "" : "." + rule.ApiGroups[0])}{(rule.ResourceNames.IsEmpty ? "" : $" {rule.ResourceNames}")}";
            if (lost.Length > MostLost)
                yield return $"  - and {lost.Length - MostLost} more";
        }
    }

    static IEnumerable<string> Kept(LeastPrivilege suggested, Snapshot cluster, Authorizer everyone)
    {
        var kept = suggested.KeptIn(cluster, everyone);
        if (kept.IsMaster)
            yield return $"Keeps what Group {WellKnown.Masters} may do, which is everything, by no grant of RBAC";
        foreach (var grant in kept.Grants)
            yield return $"Keeps what {Text(grant.Binding)} gives to {grant.Subject}";
    }

    static string Text(Binding binding) =>
        $"{binding.Kind} {(binding.Scope.IsCluster ? "" : binding.Scope.Namespace + "/")}{binding.Name} of {binding.RoleRef.Kind} {binding.RoleRef.Name}";

    static string Counted(long count, string one) => count == 1 ? $"1 {one}" : $"{count} {one}s";
}
