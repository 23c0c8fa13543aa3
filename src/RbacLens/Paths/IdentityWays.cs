using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Draws the ways to identities: by their names, their tokens, and the pods and Secrets that hold these.</summary>
sealed class IdentityWays(Landscape landscape, Ways ways)
{
    /// <summary>To service accounts that are there, and where nobody asks whether they are, to others.</summary>
    public void DrawAccounts(Beginning source, Hit hit)
    {
        if (hit.Case.Named == NamedObjects.Accounts && !hit.ForAnyName)
        {
            foreach (var account in Ways.IsImpersonation(hit) ? landscape.Imaginable(hit.Scope, hit.Names).Concat(landscape.Named(hit.Scope, hit.Names)).Distinct() : landscape.Named(hit.Scope, hit.Names))
                ways.Request(source, hit, new Waypoint.Identity(account));
            return;
        }

        foreach (var (scope, @namespace) in ways.Places(hit))
            ways.Request(source, hit, new Waypoint.AccountsOf(scope), @namespace);
        // Nobody asks whether an account exists before it is impersonated.
        if (Ways.IsImpersonation(hit))
            ways.Request(source, hit, new Waypoint.MissingAccountsOf(hit.Scope, IsMade: false));
    }

    /// <summary>To accounts that bindings name and nobody made.</summary>
    public void DrawMissingAccounts(Beginning source, Hit hit)
    {
        if (hit.ForAnyName)
            ways.Request(source, hit, new Waypoint.MissingAccountsOf(hit.Scope, IsMade: true));
        else
            foreach (var account in landscape.Imaginable(hit.Scope, hit.Names).Where(account => !landscape.Exists(account) && landscape.HasNamespace(account.Namespace)))
                if (Asking.Requests(hit, new(account.Namespace) { Account = account.Name }) is not null)
                    ways.Request(source, hit, new Waypoint.Identity(account));
    }

    /// <summary>To what running pods hold.</summary>
    public void DrawPods(Beginning source, Hit hit)
    {
        if (!landscape.Running.KnowsPods && hit.ForAnyName)
            ways.Request(source, hit, new Waypoint.UnseenPodsOf(hit.Scope));
        else if (hit.ForAnyName)
            ways.Request(source, hit, new Waypoint.PodsOf(hit.Scope));
        else
            foreach (var pod in landscape.Running.PodsNamed(hit.Scope, hit.Names))
                ways.Request(source, hit, new Waypoint.Pod(pod.Workload.Namespace, pod.Workload.Name), pod.Workload.Namespace);
    }

    /// <summary>To what pods will hold that are started again. What they will be called is not known, so they have to be entered whatever that is.</summary>
    public void DrawStoppedPods(Beginning source, Hit hit)
    {
        if (hit.Case.All.Any(question => question.Resources.Any(resource => !resource.EndsWith("/scale", StringComparison.Ordinal)) && Asking.NamesOf(hit, question) is not null))
            return;
        foreach (var (plural, pod) in landscape.Running.Stopped(hit.Scope))
            if (Asking.Requests(hit, new(pod.Workload.Namespace) { Scaled = (plural, pod.Workload.Name) }) is not null)
                ways.Request(source, hit, new Waypoint.StoppedPodsOf(pod.Workload.Namespace, plural, pod.Workload.Name), pod.Workload.Namespace);
    }

    /// <summary>To Secrets, and the tokens among them.</summary>
    public void DrawSecrets(Beginning source, Hit hit)
    {
        if (!hit.ForAnyName)
        {
            foreach (var secret in landscape.TokensNamed(hit.Scope, hit.Names))
                ways.Request(source, hit, new Waypoint.Secret(secret.Namespace, secret.Name), secret.Namespace);
            return;
        }

        // Who may run pods as any account needs no token from a Secret.
        var mounts = hit.Case.Reaches.HasFlag(Reach.Accounts);
        // A controller is not limited to the namespace in which it is told what to do.
        var scope = hit.Case.Controller is null ? hit.Scope : Rbac.Scope.Cluster;
        if (!mounts)
            ways.Request(source, hit, new Waypoint.SecretsOf(scope));
        if (scope.IsCluster && (!mounts || ways.Places(hit).Any(place => place.Scope.IsCluster)))
            ways.Request(source, hit, new Waypoint.End(Goal.AllSecrets));
    }

    /// <summary>To accounts of whose tokens a token Secret is filled that named another.</summary>
    /// <remarks>
    /// Its type is fixed and its annotations are not. Without data.token and the account's uid the token controller fills it anew, for whichever
    /// account of the namespace it names then (kube-controller-manager, tokens_controller.go, generateTokenIfNeeded).
    /// </remarks>
    public void DrawRefilledSecrets(Beginning source, Hit hit)
    {
        if (hit.ForAnyName)
            ways.Request(source, hit, new Waypoint.RefilledSecretsOf(hit.Scope));
        else
            foreach (var secret in landscape.TokensNamed(hit.Scope, hit.Names))
                ways.Request(source, hit, new Waypoint.RefilledSecret(secret.Namespace, secret.Name), secret.Namespace);
    }

    /// <summary>To users or groups.</summary>
    public void DrawNamed(Beginning source, Hit hit, string plural, Waypoint all, Func<string, Subject> subject)
    {
        var question = hit.Case.All.First(question => question.Resources.Lists(plural));
        if (Asking.NamesOf(hit, question) is not { } names)
            ways.Request(source, hit, all);
        else
            foreach (var name in names)
                ways.Request(source, hit, new Waypoint.Identity(subject(name).Canonical));
    }

    /// <summary>To kubelets, each a username and a group to the node authorizer.</summary>
    public void DrawKubelets(Beginning source, Hit hit)
    {
        if (hit.Case.All.FirstOrDefault(question => question.Resources.Lists("users")) is not { } users
            || Asking.NamesOf(hit, hit.Case.All.First(question => question.Resources.Lists("groups"))) is { } groups && !groups.Contains(WellKnown.Nodes))
            return;
        if (Asking.NamesOf(hit, users) is not { } names)
            ways.Request(source, hit, new Waypoint.NodeIdentities());
        else
            foreach (var name in names.Where(WellKnown.IsKubelet))
                ways.Request(source, hit, new Waypoint.NodeIdentities(name[WellKnown.NodePrefix.Length..]));
    }
}
