using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Upgrades;

/// <summary>Rules of one verb each, said briefly.</summary>
public static class RuleWords
{
    const int Shown = 8;

    /// <summary><c>get, list on events (events.k8s.io); get on /flagz</c>.</summary>
    /// <param name="atoms">Rules of one verb on one resource, name or URL each, as <see cref="Coverage.Uncovered"/> gives them.</param>
    public static string Of(IEnumerable<PolicyRule> atoms)
    {
        var things = from atom in atoms
                     group atom.Verbs[0] by Thing(atom) into verbs
                     group verbs.Key by string.Join(", ", verbs.Distinct()) into alike
                     select $"{alike.Key} on {string.Join(", ", alike)}";
        var parts = things.Take(Shown + 1).ToList();
        return string.Join("; ", parts.Take(Shown)) + (parts.Count > Shown ? "; …" : "");
    }

    /// <summary>Permissions, said likewise.</summary>
    public static string Of(IEnumerable<Permission> permissions) =>
        Of(permissions.SelectMany(permission => permission.What.Verbs.Select(verb => permission.What with { Verbs = Names.Of(verb) })));

    static string Thing(PolicyRule atom)
    {
        if (!atom.NonResourceUrls.IsEmpty)
            return atom.NonResourceUrls[0];
        var group = atom.ApiGroups[0].Length == 0 ? "" : $" ({atom.ApiGroups[0]})";
        return $"{atom.Resources[0]}{group}{(atom.ResourceNames.IsEmpty ? "" : $" named {atom.ResourceNames[0]}")}";
    }
}
