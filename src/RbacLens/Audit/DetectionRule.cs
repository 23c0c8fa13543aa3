using System.Collections.Immutable;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>One thing we look for in an audit log, declared as data: which requests, of whom, under which circumstances, and how bad that is.</summary>
public sealed record DetectionRule
{
    /// <summary>The file's name without extension: <c>service-proxy</c>.</summary>
    public required string Id { get; init; }

    /// <summary>One short line that completes "somebody …".</summary>
    public required string Title { get; init; }

    /// <summary>What an attacker does with it.</summary>
    public required string Why { get; init; }

    /// <summary>What to do when it is seen, and who does it for good reasons.</summary>
    public required string Fix { get; init; }

    /// <summary>Frameworks and pages that say the same.</summary>
    public ImmutableArray<Reference> References { get; init; } = [];

    /// <summary>The requests that are meant, any of these; empty for every request.</summary>
    public ImmutableArray<RequestPattern> Requests { get; init; } = [];

    /// <summary>What must all be so.</summary>
    public ImmutableArray<Circumstance> When { get; init; } = [];

    /// <summary>What must not be so, none of it.</summary>
    public ImmutableArray<Circumstance> Unless { get; init; } = [];

    /// <summary>How many requests there must be within which time; null where one is enough.</summary>
    public Burst? Burst { get; init; }

    /// <summary>What the detection is about.</summary>
    public Aim Target { get; init; }

    /// <summary>The audit level the rule needs to see all it can see; of a lower one it sees less.</summary>
    public AuditLevel Level { get; init; } = AuditLevel.Metadata;

    /// <summary>How bad, and why: the first that holds.</summary>
    public required ImmutableArray<RatedCase> Cases { get; init; }

    /// <summary>Events that must yield the detection.</summary>
    public ImmutableArray<EventExample> Yields { get; init; } = [];

    /// <summary>Events that must not.</summary>
    public ImmutableArray<EventExample> Silent { get; init; } = [];

    /// <summary>Its texts, for reports that know policies only.</summary>
    public Policy Texts => new() { Id = Id, Area = Detection.Area, Title = Title, Why = Why, Fix = Fix, References = References, Match = new Match.Elsewhere() };

    /// <summary>The worst severity it can have.</summary>
    public Severity Worst => Cases.Max(rated => rated.Severity);
}

/// <summary>Requests that a rule means. Every field that is not empty must fit.</summary>
/// <param name="Verbs">Verbs.</param>
/// <param name="ApiGroups">API groups; the core group is the empty text. Empty for any.</param>
/// <param name="Resources">Resources as rules spell them, <c>services/proxy</c>; <c>*</c> for any.</param>
/// <param name="Urls">Paths outside the API's resources, a trailing <c>*</c> for a prefix.</param>
/// <param name="Tails">What follows a proxied URL, <c>/exec/*</c> likewise.</param>
public sealed record RequestPattern(Names Verbs, Names ApiGroups, Names Resources, Names Urls, Names Tails)
{
    /// <summary>Whether a deed is meant.</summary>
    public bool Fits(Deed deed) => (Verbs.IsEmpty || Verbs.Admits(deed.Request.Verb)) && deed.Request switch
    {
        AccessRequest.Resource resource => FitsResource(resource) && (Tails.IsEmpty || Tails.Any(tail => PolicyRule.Covers(tail, deed.Tail))),
        AccessRequest.Path path => Resources.IsEmpty && Urls.Any(url => PolicyRule.Covers(url, path.Url)),
        _ => false,
    };

    bool FitsResource(AccessRequest.Resource resource) =>
        Urls.IsEmpty && (ApiGroups.IsEmpty || ApiGroups.Admits(resource.ApiGroup)) && (Resources.IsEmpty || Resources.Admits(resource.Spelling));
}

/// <summary>A severity under circumstances.</summary>
/// <param name="When">What must all be so; empty for always.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Means">Why, as the end of a sentence; empty for nothing to add.</param>
public sealed record RatedCase(ImmutableArray<Circumstance> When, Severity Severity, string Means);

/// <summary>So many requests of one user to one target within some time.</summary>
/// <param name="Requests">At least as many.</param>
/// <param name="Window">Within this time, to ten seconds' exactness.</param>
public sealed record Burst(int Requests, TimeSpan Window);

/// <summary>What a detection is about.</summary>
public enum Aim
{
    /// <summary>The object that was asked for.</summary>
    Requested,

    /// <summary>The identity that was taken on.</summary>
    Identity,
}

/// <summary>A detection rule's proof: events in which its detection must, or must not, appear.</summary>
/// <param name="Title">What is special about it.</param>
/// <param name="Events">Audit events, one JSON object a line.</param>
/// <param name="Objects">The cluster to join them with, as YAML documents; null for none.</param>
/// <param name="Severity">The severity expected; null for any.</param>
public sealed record EventExample(string Title, string Events, string? Objects, Severity? Severity);

/// <summary>What can be so about a deed. Written in kebab-case in the rules' files.</summary>
public enum Circumstance
{
    /// <summary>The authorizer allowed it.</summary>
    Allowed,

    /// <summary>The authorizer refused it.</summary>
    Refused,

    /// <summary>It was allowed, but came to nothing: the answer is an error.</summary>
    FailedRequest,

    /// <summary>It was allowed, and refused afterwards: by admission control, or because nobody may give what he does not have.</summary>
    RefusedLater,

    /// <summary>It changed nothing: a dry run, or the answer is an error that refuses nobody (a conflict, something invalid).</summary>
    Fruitless,

    /// <summary>A service account in another namespace than its own.</summary>
    CrossNamespace,

    /// <summary>A namespace whose contents are worth more than others'.</summary>
    SensitiveNamespace,

    /// <summary>All namespaces at once.</summary>
    ClusterWide,

    /// <summary>One object by name.</summary>
    Named,

    /// <summary>A service account, about itself.</summary>
    OwnAccount,

    /// <summary>By a service account.</summary>
    ByServiceAccount,

    /// <summary>By a member of <c>system:masters</c>, who could do all of it anyway.</summary>
    ByMasters,

    /// <summary>By a node.</summary>
    ByNode,

    /// <summary>By whoever does not log in.</summary>
    ByAnonymous,

    /// <summary>What Kubernetes ships allows it to this very user or account by name: the stock controllers at work, and the API server itself.</summary>
    Stock,

    /// <summary>The same, in <c>kube-system</c>, where the platform's own workloads are.</summary>
    StockInSystem,

    /// <summary>As somebody else.</summary>
    Impersonated,

    /// <summary>As a member of <c>system:masters</c>, which everything is allowed to.</summary>
    AsMasters,

    /// <summary>With a token that should be gone: stale, from a Secret, or put out of use.</summary>
    OldToken,

    /// <summary>With a token from a Secret, without expiry.</summary>
    LegacyToken,

    /// <summary>With a token that had been put out of use.</summary>
    InvalidatedToken,

    /// <summary>The log does not hold the request's body.</summary>
    WithoutBody,

    /// <summary>Writes a pod IP outside the cluster's networks.</summary>
    ForeignAddress,

    /// <summary>Makes pods that are not separated from their node.</summary>
    HostAccess,

    /// <summary>Makes pods that the Pod Security standard <c>baseline</c> does not allow.</summary>
    BelowBaseline,

    /// <summary>
    /// Makes pods that run as an account that their maker is not: by a service account, another one; by anybody, one that may do more.
    /// </summary>
    GainsAccount,

    /// <summary>Makes pods that run as an account that may do what their maker may not. Known only with a cluster to join.</summary>
    MorePowerfulAccount,

    /// <summary>Binds to, or writes, a role that allows everything.</summary>
    GivesEverything,

    /// <summary>
    /// Binds to, or writes, a role of which the log does not say what it allowed then, and that allows everything today. Known only with a cluster
    /// to join.
    /// </summary>
    GivesEverythingToday,

    /// <summary>Writes a binding that counts for the whole cluster.</summary>
    ClusterBinding,

    /// <summary>A patch of which the log holds only what it changes.</summary>
    PartOfBody,

    /// <summary>A patch that writes a wildcard into a part of a rule.</summary>
    WritesWildcard,

    /// <summary>A patch of a role or a binding that leaves rules, subjects and labels as they are.</summary>
    LeavesRights,

    /// <summary>Takes rights away.</summary>
    Removes,

    /// <summary>A path of the kubelet that runs commands in pods.</summary>
    KubeletCommand,

    /// <summary>A proxied path with <c>..</c> in it, which leads elsewhere than it begins.</summary>
    ClimbingPath,

    /// <summary>A path of the kubelet that a narrower permission than nodes/proxy opens as well.</summary>
    KubeletReading,

    /// <summary>A path that everybody may know: health, the version, and the keys that tokens of service accounts are signed with.</summary>
    PublicPath,

    /// <summary>The pod a node announces for what its kubelet runs from a file.</summary>
    MirrorPod,

    /// <summary>Denies a certificate.</summary>
    DeniesCertificate,

    /// <summary>A certificate that the API server takes for an identity.</summary>
    ClientCertificate,
}
