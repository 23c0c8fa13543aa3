using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Policies.Remedies;

/// <summary>What only the people who run the cluster can know about a remedy.</summary>
public sealed record RemedyChoices
{
    /// <summary>The verbs that stand for every verb, where a rule has a star: without impersonate, bind and escalate.</summary>
    public static Names UsualVerbs { get; } = Names.Of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");

    /// <summary>What takes the place of <c>nodes/proxy</c>, as in <c>nodes/metrics</c>; empty to take it away.</summary>
    public Names InsteadOfNodesProxy { get; init; } = Names.None;

    /// <summary>The verbs that are really used where a rule has a star.</summary>
    public Names Verbs { get; init; } = UsualVerbs;

    /// <summary>The namespaces that a ClusterRoleBinding is really needed in; empty to leave bindings as they are.</summary>
    public ImmutableArray<string> Namespaces { get; init; } = [];
}
