using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>The question a policy asks.</summary>
public abstract record Match
{
    /// <summary>Whether a name is meant by a pattern: <c>jit*</c> is a beginning, <c>*-jit</c> an end, anything else the whole name.</summary>
    public static bool Fits(string pattern, string name) =>
        pattern.EndsWith('*') ? name.AsSpan().StartsWith(pattern.AsSpan(..^1), StringComparison.Ordinal)
        : pattern.StartsWith('*') ? name.AsSpan().EndsWith(pattern.AsSpan(1), StringComparison.Ordinal)
        : name == pattern;

    /// <summary>Whether a name is meant by any of some patterns, as <see cref="Fits"/> reads them.</summary>
    public static bool FitsAny(Names patterns, string name)
    {
        foreach (var pattern in patterns)
            if (Fits(pattern, name))
                return true;
        return false;
    }

    /// <summary>What a subject may do. The first case that holds in a scope decides; write the worst first.</summary>
    /// <param name="Cases">The cases.</param>
    public sealed record Requests(ImmutableArray<Case> Cases) : Match
    {
        /// <summary>Only grants through this ClusterRole count.</summary>
        public string? OnlyRole { get; init; }

        /// <summary>Grants through this ClusterRole do not count.</summary>
        public string? ExceptRole { get; init; }

        /// <summary>Kinds of subjects that are asked about; empty for any.</summary>
        public Names Kinds { get; init; } = Names.None;

        /// <summary>Names of subjects that are not, as <see cref="Fits"/> reads them.</summary>
        public Names Except { get; init; } = Names.None;

        /// <summary>Whether it is asked about this subject.</summary>
        public bool Concerns(Subject subject) => (Kinds.IsEmpty || Kinds.Lists(subject.Kind)) && !FitsAny(Except, subject.Name);

        /// <summary>Whoever holds this holds everything in the scope: no other request policy is reported for it there.</summary>
        public bool IsEverything { get; init; }
    }

    /// <summary>Who is bound at all, whatever the role.</summary>
    /// <param name="Kinds">Kinds of subjects; empty for any.</param>
    /// <param name="Names">Names, of which a trailing <c>*</c> is a prefix; empty for any.</param>
    /// <param name="Except">Names that do not count, spelled likewise.</param>
    /// <param name="Severity">By scope.</param>
    public sealed record Bound(Names Kinds, Names Names, Names Except, SeverityByReach Severity) : Match;

    /// <summary>More than so many subjects found by other policies for the whole cluster.</summary>
    /// <param name="Policies">Ids of the other policies.</param>
    /// <param name="MoreThan">As many are fine.</param>
    /// <param name="Severity">Of the one finding about the cluster.</param>
    public sealed record Sprawl(Names Policies, int MoreThan, Severity Severity) : Match;

    /// <summary>A fact about an object that no access request can express.</summary>
    /// <param name="Kind">Which fact.</param>
    /// <param name="Severity">How bad, by what the account or role concerned can do.</param>
    public sealed record Fact(FactKind Kind, SeverityByPower Severity) : Match
    {
        /// <summary>For <see cref="FactKind.ResourceGone"/>: what is gone, since when.</summary>
        public ImmutableArray<GoneResource> Gone { get; init; } = [];
    }

    /// <summary>Nothing a scan asks: another command has its own way to find out, and only the texts are a policy's.</summary>
    public sealed record Elsewhere : Match;
}

/// <summary>The facts about objects that policies can ask for.</summary>
public enum FactKind
{
    /// <summary>A workload has its account's token mounted though nothing asked for it by hand.</summary>
    TokenAutomounted,

    /// <summary>A workload holds the token of an account that leads to the whole cluster.</summary>
    PowerfulTokenMounted,

    /// <summary>A Secret holds a token that never expires.</summary>
    LongLivedToken,

    /// <summary>A binding refers to a role that does not exist.</summary>
    RoleMissing,

    /// <summary>A binding names a service account that does not exist.</summary>
    SubjectMissing,

    /// <summary>No binding refers to a role, nor is it aggregated into one.</summary>
    RoleUnused,

    /// <summary>A rule that can never allow anything, as written or as bound.</summary>
    RuleWithoutEffect,

    /// <summary>A rule names resources that the cluster's version no longer serves.</summary>
    ResourceGone,

    /// <summary>A role has a star where words could stand.</summary>
    WildcardInRole,

    /// <summary>A role or binding that ships with Kubernetes was extended, or is no longer restored.</summary>
    StockDrift,

    /// <summary>A ClusterRole adds more than resources of its own to admin, edit or view.</summary>
    AggregationWidened,

    /// <summary>A binding names nobody.</summary>
    BindingEmpty,

    /// <summary>A binding grants only what its subjects have by another one.</summary>
    BindingRedundant,

    /// <summary>A workload runs as a service account that does not exist.</summary>
    AccountMissing,

    /// <summary>Workloads run as the default account of their namespace, and have its token.</summary>
    DefaultAccountUsed,

    /// <summary>Default service accounts whose tokens pods get unless they say no.</summary>
    DefaultAccountAutomounted,

    /// <summary>An admission webhook lets requests pass when it cannot be reached.</summary>
    WebhookFailingOpen,

    /// <summary>A request for a certificate to log in with, for longer than a day.</summary>
    LongCertificateRequest,

    /// <summary>A certificate to log in with that was issued and is valid, for longer than a day.</summary>
    ValidClientCertificate,

    /// <summary>A workload asks for a service account token that lives longer than a day.</summary>
    LongProjectedToken,

    /// <summary>A service account has an annotation that gives it an identity of the cloud.</summary>
    CloudIdentity,
}

/// <summary>One way a request policy can hold.</summary>
/// <param name="All">Questions that must all be answered yes in one scope, in different roles or one.</param>
/// <param name="Means">What holding it does, as in "get on nodes/proxy <i>runs commands in every pod</i>".</param>
/// <param name="Severity">By reach.</param>
public sealed record Case(ImmutableArray<Question> All, string Means, SeverityByReach Severity)
{
    /// <summary>The first release it is true for; null from the beginning.</summary>
    public KubernetesVersion? From { get; init; }

    /// <summary>The first release it is no longer true for; null for ever.</summary>
    public KubernetesVersion? Until { get; init; }

    /// <summary>What the holder takes over.</summary>
    public Reach Reaches { get; init; }

    /// <summary>Who acts for the holder, where it is a controller that somebody installed; null where Kubernetes itself does.</summary>
    public Controller? Controller { get; init; }

    /// <summary>What the names are that a grant may be limited to.</summary>
    public NamedObjects Named { get; init; }

    /// <summary>Instead of <see cref="Means"/>, where the grant is limited to names; null to say the same.</summary>
    public string? MeansNamed { get; init; }

    /// <summary>Whether a question is about what an apply makes, and so about no object that is there.</summary>
    public bool MakesByApply(Question question) => All.Any(other => other.IsByApply && other.Resources.Equals(question.Resources));

    /// <summary>Whether there is in this cluster what the case asks about: its release is right, and its API groups are served.</summary>
    public bool AppliesTo(Snapshot snapshot) =>
        AppliesTo(snapshot.Cluster.Release) && All.All(question => question.ApiGroup == "*" || snapshot.Serves(question.ApiGroup));

    /// <summary>Whether the case is true for this release; an unknown release might be any.</summary>
    public bool AppliesTo(KubernetesVersion? release) =>
        release is not { } known || ((From is not { } from || known >= from) && (Until is not { } until || known < until));
}

/// <summary>A controller that acts for whoever writes its custom resources.</summary>
/// <param name="Accounts">
/// What its service account is called as it is usually installed; installations may put a word and a dash before it.
/// </param>
/// <param name="WatchesAll">Whether it follows what is written in any namespace, and not only in its own.</param>
public sealed record Controller(Names Accounts, bool WatchesAll)
{
    /// <summary>Whether an account of this name is the controller's.</summary>
    public bool Is(string account) => Accounts.Any(known => account == known || account.EndsWith("-" + known, StringComparison.Ordinal));
}

/// <summary>What the names in a grant stand for. One that leads to the whole cluster makes the grant as bad as one without names.</summary>
public enum NamedObjects
{
    /// <summary>Objects that lead nowhere.</summary>
    Plain,

    /// <summary>Service accounts.</summary>
    Accounts,

    /// <summary>Users.</summary>
    Users,

    /// <summary>Roles, by what they allow.</summary>
    Roles,

    /// <summary>Roles, by whether the holder is bound to them.</summary>
    OwnRoles,

    /// <summary>Objects whose name the holder can choose, so that names limit nothing.</summary>
    Irrelevant,
}

/// <summary>What a holder takes over by a permission, beyond the permission itself: where it leads on the escalation graph.</summary>
[Flags]
public enum Reach
{
    /// <summary>Nothing else.</summary>
    Nothing = 0,

    /// <summary>Any service account of the scope, or those a grant is limited to.</summary>
    Accounts = 1,

    /// <summary>When held for the whole cluster: the cluster.</summary>
    ClusterAdmin = 2,

    /// <summary>What running pods of the scope hold: their accounts, and their nodes where they are not separated from them.</summary>
    Pods = 4,

    /// <summary>The Secrets of the scope, and so the accounts whose tokens are among them.</summary>
    Secrets = 8,

    /// <summary>A node, by a privileged container, where the namespace's Pod Security level lets one start.</summary>
    Host = 16,

    /// <summary>Every node, or those a grant is limited to.</summary>
    Nodes = 32,

    /// <summary>Any user, or those a grant is limited to; service accounts are none.</summary>
    Users = 64,

    /// <summary>Membership in any group, or in those a grant is limited to.</summary>
    Groups = 128,

    /// <summary>Anybody a client certificate names: any user, account or group but system:masters.</summary>
    Certificates = 256,

    /// <summary>Whatever the roles allow that it may bind.</summary>
    Roles = 512,

    /// <summary>
    /// Anything, by writing into a role that it is bound to, that a binding of its own names though it does not exist, or that one of its own
    /// aggregates.
    /// </summary>
    OwnRoles = 1024,

    /// <summary>Service accounts that bindings name though they do not exist.</summary>
    MissingAccounts = 2048,

    /// <summary>The groups that bootstrap tokens carry: system:bootstrappers, and those below it that bindings name.</summary>
    BootstrapGroups = 4096,

    /// <summary>What pods of the scope hold that a controller starts anew elsewhere, for whoever has a node to let them come to.</summary>
    MovedPods = 8192,

    /// <summary>The identity of every kubelet, and so the accounts on its node, but not root there.</summary>
    NodeIdentities = 16384,

    /// <summary>The accounts whose tokens running pods of the scope hold, but nothing else of these pods.</summary>
    PodTokens = 65536,

    /// <summary>Whatever the permissions of the case's <see cref="Case.Controller"/> to write objects lead to.</summary>
    Controller = 131072,

    /// <summary>Any service account of the namespace that the case's <see cref="Case.Controller"/> lives in.</summary>
    ControllerAccounts = 262144,

    /// <summary>What pods will hold of workloads that have none now, since they were scaled to zero.</summary>
    StoppedPods = 524288,

    /// <summary>Any service account of a namespace where a token Secret of the scope is, or one a grant is limited to: it is filled anew.</summary>
    RefilledSecrets = 1048576,

    /// <summary>The cluster, where it is EKS, whose IAM identities a config map maps to users and groups.</summary>
    IamUsers = 32768,
}

/// <summary>A severity for each reach; null where the case is not worth a finding.</summary>
/// <param name="Cluster">Held for the whole cluster.</param>
/// <param name="Powerful">Held in a namespace with an account that leads to the whole cluster.</param>
/// <param name="Namespace">Held in another namespace.</param>
/// <param name="Named">Held for some named objects only, wherever.</param>
public sealed record SeverityByReach(Severity? Cluster, Severity? Powerful, Severity? Namespace, Severity? Named);

/// <summary>A severity for facts about objects, by the power of the account they concern.</summary>
/// <param name="Harmless">It holds nothing beyond what every account holds; also for objects that concern no account.</param>
/// <param name="Granted">It holds grants of its own.</param>
/// <param name="Powerful">It leads to the whole cluster.</param>
public sealed record SeverityByPower(Severity Harmless, Severity Granted, Severity Powerful);
