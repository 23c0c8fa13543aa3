using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>A role held against a template: what it allows beyond it, and what it lacks of it.</summary>
/// <param name="Template">The template.</param>
/// <param name="More">Rules of one verb each that the template does not cover.</param>
/// <param name="Missing">Rules of one verb each that the role does not cover.</param>
public sealed record RoleFit(Role Template, ImmutableArray<PolicyRule> More, ImmutableArray<PolicyRule> Missing)
{
    // A hostile role can stand for billions of parts; a few hundred show well enough that it is far from any template.
    const int MostParts = 500;

    /// <summary>A role held against one template.</summary>
    public static RoleFit Of(Role role, Role template) => new(
        template,
        [.. Coverage.Uncovered(template.Rules, role.Rules).Take(MostParts)],
        [.. Coverage.Uncovered(role.Rules, template.Rules)]);

    /// <summary>
    /// How far apart they are: the share of the role that is more, and, counting half, the share of the template that is missing, for templates
    /// are broad. What changes something or opens a session tells more about a purpose than another thing to read.
    /// </summary>
    double Distance(Role role) => Share(More, role) + (Share(Missing, Template) / 2);

    static double Share(IEnumerable<PolicyRule> part, Role of) => (double)part.Sum(Weight) / Math.Max(1, of.Rules.SelectMany(Coverage.Atoms).Take(MostParts).Sum(Weight));

    static int Weight(PolicyRule atom) => atom.Verbs[0] is not ("get" or "list" or "watch") || atom.Resources.Any(IsSession) ? 5 : 1;

    static bool IsSession(string resource) => resource is "pods/exec" or "pods/attach" or "pods/portforward";

    /// <summary>The template a role is nearest to, with which it has something in common; null where there is none.</summary>
    public static RoleFit? Nearest(Role role, IEnumerable<Role> templates) =>
        templates.Select(template => Of(role, template))
            .Where(fit => fit.Missing.Length < fit.Template.Rules.Sum(rule => Coverage.Atoms(rule).Count()))
            .OrderBy(fit => fit.Distance(role))
            .ThenBy(fit => fit.Template.Name, StringComparer.Ordinal)
            .FirstOrDefault();
}
