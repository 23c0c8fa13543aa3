using RbacLens.Policies;

namespace RbacLens.Cli.Inputs;

/// <summary>The words of <c>reaches</c> in a policy, each with what it says of whoever holds the case.</summary>
static class ReachWords
{
    /// <summary>All of them, what is reached by tokens and pods first.</summary>
    public static readonly IReadOnlyList<(string Word, Reach Reach, string Meaning)> All =
    [
        ("accounts", Reach.Accounts, "Becomes any service account of the scope, or those the grant is limited to."),
        ("missing-accounts", Reach.MissingAccounts, "Becomes service accounts of the scope that bindings name though they do not exist."),
        ("pods", Reach.Pods, "Becomes the accounts whose tokens running pods of the scope hold, and comes to the nodes that these pods are not separated from."),
        ("pod-tokens", Reach.PodTokens, "Becomes the accounts whose tokens running pods of the scope hold, and no more: it is not in the pods."),
        ("moved-pods", Reach.MovedPods, "The same of pods that a controller starts anew, if it has a node to let them come to."),
        ("stopped-pods", Reach.StoppedPods, "The same of pods that are not there yet, of workloads that were scaled to zero and that the grant starts again."),
        ("secrets", Reach.Secrets, "Reads the Secrets of the scope, all-secrets for the whole cluster, and becomes the accounts whose tokens are among them."),
        ("refilled-secrets", Reach.RefilledSecrets, "Becomes any service account of the namespaces where token Secrets of the scope are, or those the grant is limited to: one is filled with another token."),
        ("host", Reach.Host, "Comes to a node by a privileged container, where the Pod Security label of the namespace lets one start."),
        ("nodes", Reach.Nodes, "Comes to every node as root, or to those the grant is limited to: to what runs there, and where the control plane runs to cluster-admin."),
        ("node-identities", Reach.NodeIdentities, "Logs in as any kubelet, which has the tokens of what runs on its node; it is not root there."),
        ("bootstrap-groups", Reach.BootstrapGroups, "Logs in by a bootstrap token, as a member of system:bootstrappers and of the groups below it that bindings name."),
        ("users", Reach.Users, "Becomes any user that a binding names, or those the grant is limited to; service accounts are none."),
        ("groups", Reach.Groups, "Joins any group that a binding names, system:masters included, or those the grant is limited to."),
        ("certificates", Reach.Certificates, "Becomes any user, account, kubelet or group but system:masters, by a client certificate."),
        ("roles", Reach.Roles, "Does whatever the roles allow that it may bind; cluster-admin if that is one of them, or if any is."),
        ("own-roles", Reach.OwnRoles, "Does everything, by writing into a role: one it is bound to, one that a binding of its own waits for, one that takes in others by label."),
        ("iam-users", Reach.IamUsers, "Becomes cluster-admin on EKS, where a config map says which IAM identities are who; nothing elsewhere."),
        ("controller", Reach.Controller, "Has the case's controller write what it likes, and so comes to whatever that account's permissions to create and change objects lead to."),
        ("controller-accounts", Reach.ControllerAccounts, "Becomes any service account of the namespace that the case's controller lives in."),
        ("cluster-admin", Reach.ClusterAdmin, "Is cluster-admin, if it holds the case in the whole cluster and the objects it changes are there or may be created."),
    ];
}
