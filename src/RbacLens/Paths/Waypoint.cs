using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>
/// A place in the escalation graph: somebody one can be, or a set of which one can be any member. A namespace with thousands of accounts is
/// one set, to which every permission leads that reaches "any account there", and not thousands of edges for each permission.
/// </summary>
abstract record Waypoint
{
    /// <summary>Whoever is this subject. Service accounts are in their implicit groups as well.</summary>
    public sealed record Identity(Subject Subject) : Waypoint;

    /// <summary>
    /// The same, acted as by impersonation and held by nobody. It may ask for everything but to impersonate on, which the API server asks of
    /// whoever sent the request (apiserver endpoints/filters/impersonation); what it is given for itself, such as a token, is held.
    /// </summary>
    /// <param name="What">An identity, or a set of identities.</param>
    public sealed record Borrowed(Waypoint What) : Waypoint;

    /// <summary>Any existing account of a namespace, or of the cluster.</summary>
    public sealed record AccountsOf(Scope Scope) : Waypoint;

    /// <summary>An account that a binding of the cluster names though it does not exist; whoever may create it is it.</summary>
    /// <param name="Scope">Where.</param>
    /// <param name="IsMade">Whether it has to be made, and so its namespace has to be there.</param>
    public sealed record MissingAccountsOf(Scope Scope, bool IsMade) : Waypoint;

    /// <summary>The accounts whose tokens running pods hold, and the nodes these pods are not separated from.</summary>
    public sealed record PodsOf(Scope Scope) : Waypoint;

    /// <summary>One pod, with what it holds.</summary>
    public sealed record Pod(string Namespace, string Name) : Waypoint;

    /// <summary>The accounts whose tokens running pods hold, without the pods themselves.</summary>
    public sealed record PodTokensOf(Scope Scope) : Waypoint;

    /// <summary>
    /// Where the input shows no pods: the accounts that one might run as. The controllers of Kubernetes run in none; their accounts are for one process.
    /// </summary>
    public sealed record UnseenPodsOf(Scope Scope) : Waypoint;

    /// <summary>The pods to come of a workload that was scaled to zero.</summary>
    /// <param name="Namespace">Where.</param>
    /// <param name="Plural">Its resource: <c>deployments</c>.</param>
    /// <param name="Name">What it is called.</param>
    public sealed record StoppedPodsOf(string Namespace, string Plural, string Name) : Waypoint;

    /// <summary>The nodes on which pods of a namespace run.</summary>
    public sealed record NodesOf(Scope Scope) : Waypoint;

    /// <summary>The accounts whose tokens are in Secrets.</summary>
    public sealed record SecretsOf(Scope Scope) : Waypoint;

    /// <summary>One Secret that holds a token.</summary>
    public sealed record Secret(string Namespace, string Name) : Waypoint;

    /// <summary>The accounts of whose tokens token Secrets can be filled: any of their namespace.</summary>
    public sealed record RefilledSecretsOf(Scope Scope) : Waypoint;

    /// <summary>One such Secret.</summary>
    public sealed record RefilledSecret(string Namespace, string Name) : Waypoint;

    /// <summary>Any user that a binding names.</summary>
    public sealed record Users : Waypoint;

    /// <summary>Any group that a binding names, and system:masters.</summary>
    public sealed record Groups : Waypoint;

    /// <summary>Anybody a client certificate can be issued for, kubelets included: all but system:masters (CertificateSubjectRestriction).</summary>
    public sealed record Certificates : Waypoint;

    /// <summary>Any group that a bootstrap token can carry.</summary>
    public sealed record BootstrapGroups : Waypoint;

    /// <summary>The pods of a scope that a controller starts anew on another node, when they are deleted.</summary>
    public sealed record MovablePodsOf(Scope Scope) : Waypoint;

    /// <summary>One such pod.</summary>
    public sealed record MovablePod(string Namespace, string Name) : Waypoint;

    /// <summary>An account by whose permissions pods can be moved, in the hands of somebody who has a node for them to come to.</summary>
    /// <param name="Account">The account.</param>
    /// <param name="Place">The only node that will do; empty for any.</param>
    public sealed record WithNode(Subject.ServiceAccount Account, string Place = "") : Waypoint;

    /// <summary>A controller's account in the hands of somebody who tells it what to write: it reads nothing for them, nor runs commands.</summary>
    public sealed record ActsAs(Subject.ServiceAccount Account) : Waypoint;

    /// <summary>The kubelet's identity of a node, <c>*</c> for every one: what runs on it, without being root there.</summary>
    public sealed record NodeIdentities(string Name = "*") : Waypoint;

    /// <summary>A node; <c>*</c> stands for every one, the empty name for one that is not known.</summary>
    public sealed record Node(string Name) : Waypoint;

    /// <summary>The end of a path.</summary>
    public sealed record End(Target Goal) : Waypoint;
}
