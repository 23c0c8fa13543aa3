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

    /// <summary>The template a role is nearest to: the fewest differences, and something in common; null where there is none.</summary>
    public static RoleFit? Nearest(Role role, IEnumerable<Role> templates) =>
        templates.Select(template => Of(role, template))
            .Where(fit => fit.Missing.Length < fit.Template.Rules.Sum(rule => Coverage.Atoms(rule).Count()))
            .OrderBy(fit => fit.More.Length + fit.Missing.Length)
            .ThenBy(fit => fit.Template.Name, StringComparer.Ordinal)
            .FirstOrDefault();
}
