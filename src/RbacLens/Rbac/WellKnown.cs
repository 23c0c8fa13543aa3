namespace RbacLens.Rbac;

/// <summary>Names that Kubernetes itself gives a meaning (apiserver authentication/user, serviceaccount/util.go).</summary>
public static class WellKnown
{
    /// <summary>The group that every authorizer check passes, before RBAC is asked.</summary>
    public const string Masters = "system:masters";

    /// <summary>The group of every request that was authenticated.</summary>
    public const string Authenticated = "system:authenticated";

    /// <summary>The group of every request that was not.</summary>
    public const string Unauthenticated = "system:unauthenticated";

    /// <summary>The user of every request that was not authenticated.</summary>
    public const string Anonymous = "system:anonymous";

    /// <summary>The group of every service account.</summary>
    public const string ServiceAccounts = "system:serviceaccounts";

    /// <summary>The group of kubelets, whom the node authorizer allows what belongs to their node (plugin/pkg/auth/authorizer/node).</summary>
    public const string Nodes = "system:nodes";

    /// <summary>The group of everybody who logs in by a bootstrap token (cluster-bootstrap/token/api); further groups stand below it.</summary>
    public const string Bootstrappers = "system:bootstrappers";

    /// <summary>What kubelets' usernames put before the name of their node.</summary>
    public const string NodePrefix = "system:node:";

    /// <summary>Whether a username is that of a kubelet.</summary>
    public static bool IsKubelet(string username) => username.StartsWith(NodePrefix, StringComparison.Ordinal);

    /// <summary>What <see cref="ServiceAccountsOf"/> puts before the namespace.</summary>
    public const string ServiceAccountsPrefix = "system:serviceaccounts:";

    const string ServiceAccountPrefix = "system:serviceaccount:";

    /// <summary>The group of every service account of a namespace.</summary>
    public static string ServiceAccountsOf(string @namespace) => ServiceAccountsPrefix + @namespace;

    /// <summary>The username of a service account.</summary>
    public static string Username(string @namespace, string name) => $"{ServiceAccountPrefix}{@namespace}:{name}";

    /// <summary>The service account a username stands for, or null.</summary>
    public static Subject.ServiceAccount? TryServiceAccount(string username)
    {
        if (!username.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal))
            return null;
        var parts = username[ServiceAccountPrefix.Length..].Split(':');
        return parts is [{ Length: > 0 } ns, { Length: > 0 } name] ? new(ns, name) : null;
    }
}
