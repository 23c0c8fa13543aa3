using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>A finding as a row: about whom, where, why, and by which grants.</summary>
static class FindingRow
{
    const int Bindings = 8, GrantGroups = 12, RulesShown = 6;

    public static readonly Column[] Columns =
        [new("Who or what", 158), new("Where", 88), new("Because, and the grants that make it so", Flow.FullWidth - 246)];

    public static Block[][] Of(Look look, Finding finding) =>
    [
        [.. About(look, finding)],
        [new(Wording.Scopes(finding.Scopes), look.Cell)],
        [new(finding.Because, look.Cell), .. Evidence(look, finding)],
    ];

    /// <summary>Kind, name and fingerprint.</summary>
    public static IEnumerable<Block> About(Look look, Finding finding) =>
    [
        new(finding.About.Kind, look.Cell.In(Look.Quiet)), new(Wording.Name(finding.About), look.CellStrong),
        new(finding.IsStock ? $"{finding.Fingerprint}, ships with Kubernetes" : finding.Fingerprint, look.Fine) { Before = 1 },
    ];

    // One role often reaches a subject through many bindings: it is spelled out once.
    static IEnumerable<Block> Evidence(Look look, Finding finding)
    {
        var groups = finding.Grants.GroupBy(grant => (grant.Role, string.Join(',', grant.Rules))).ToList();
        foreach (var group in groups.Take(GrantGroups))
        {
            var grant = group.First();
            var role = Wording.Named(grant.Role.Kind, grant.Role.Scope, grant.Role.Name);
            yield return new($"{role} through {Through(group)}", look.Fine) { Before = 2 };
            foreach (var rule in Rules(grant))
                yield return new(rule, look.Fine.In(Look.Ink));
        }
        if (groups.Count > GrantGroups)
            yield return new($"and {Wording.Count(groups.Count - GrantGroups, "more role")} that grant it", look.Fine) { Before = 2 };
    }

    static string Through(IEnumerable<Grant> grants) => string.Join(" and ",
        from binding in grants.Select(grant => grant.Binding).DistinctBy(binding => (binding.Scope, binding.Name))
        group binding.Scope.IsCluster ? binding.Name : $"{binding.Scope.Namespace}/{binding.Name}" by binding.Kind into kind
        select $"{kind.Key} {Wording.List(kind, Bindings)}");

    // A role like view has dozens; the first say what it is about, and all are in the role.
    static IEnumerable<string> Rules(Grant grant)
    {
        foreach (var index in grant.Rules.Take(RulesShown))
            yield return Wording.Rule(grant.Role, index);
        if (grant.Rules.Length > RulesShown)
            yield return $"and {Wording.Count(grant.Rules.Length - RulesShown, "more rule")} of this role";
    }
}
