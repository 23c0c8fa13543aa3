using System.Collections.Concurrent;
using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>
/// Puts a snapshot together from objects in any order. An object met twice counts once; copies that disagree are a gap. Not thread-safe.
/// </summary>
public sealed class SnapshotBuilder
{
    readonly Dictionary<string, List<Entry>> objects = new(StringComparer.Ordinal);
    readonly Dictionary<Names, Names> interned = [];
    readonly Dictionary<PolicyRule, PolicyRule> rules = [];
    readonly Dictionary<RuleSet, RuleSet> bodies = [];
    readonly List<Gap> gaps = [];
    Dictionary<(string Kind, string Namespace, string Name), SourceLine> sources = [];

    /// <summary>The UID of the namespace kube-system, once it was met; the first one counts.</summary>
    public string? ClusterUid { get; set; }

    /// <summary>Whether no object was added.</summary>
    public bool IsEmpty => objects.Values.All(added => added.Count == 0);

    /// <summary>The gaps noted so far, in the order they were met.</summary>
    public IReadOnlyList<Gap> Gaps => gaps;

    /// <summary>Adds a ClusterRole or Role.</summary>
    public void Add(Role role) => Add(role.Kind, role.Scope.Namespace, role.Name, role with { Rules = Intern(role.Rules) });

    /// <summary>Adds a ClusterRoleBinding or RoleBinding.</summary>
    public void Add(Binding binding) => Add(binding.Kind, binding.Scope.Namespace, binding.Name, binding);

    /// <summary>Adds a ServiceAccount.</summary>
    public void Add(Account account) => Add("ServiceAccount", account.Namespace, account.Name, account);

    /// <summary>Adds a Pod or an object with a pod template.</summary>
    public void Add(Workload workload) => Add(workload.Kind, workload.Namespace, workload.Name, workload);

    /// <summary>Adds a Namespace.</summary>
    public void Add(Namespace @namespace) => Add("Namespace", "", @namespace.Name, @namespace);

    /// <summary>Adds a Node.</summary>
    public void Add(Node node) => Add("Node", "", node.Name, node);

    /// <summary>Adds a token Secret.</summary>
    public void Add(TokenSecret secret) => Add("Secret", secret.Namespace, secret.Name, secret);

    /// <summary>Adds a webhook configuration.</summary>
    public void Add(WebhookConfiguration webhook) => Add(webhook.Kind, "", webhook.Name, webhook);

    /// <summary>Notes which manifest an object is in; the first one counts, as the first copy of the object does.</summary>
    public void AddSource(string kind, string @namespace, string name, SourceLine source) => sources.TryAdd((kind, @namespace, name), source);

    /// <summary>Adds a certificate signing request.</summary>
    public void Add(SigningRequest request) => Add("CertificateSigningRequest", "", request.Name, request);

    /// <summary>Notes something that could not be collected; the same gap counts once.</summary>
    public void Add(Gap gap)
    {
        if (!gaps.Contains(gap))
            gaps.Add(gap);
    }

    /// <summary>Adds everything that another builder holds, its gaps included; the other one stays as it is.</summary>
    public void Add(SnapshotBuilder other)
    {
        foreach (var (kind, added) in other.objects.Where(ofKind => ofKind.Value.Count > 0))
            if (kind is "ClusterRole" or "Role")
                foreach (var entry in added)
                    Add((Role)entry.Value);
            else
                Of(kind).AddRange(added);
        other.gaps.ForEach(Add);
        ClusterUid ??= other.ClusterUid;
    }

    /// <summary>Forgets what was added, to be filled again.</summary>
    public void Clear()
    {
        foreach (var added in objects.Values)
            added.Clear();
        gaps.Clear();
        sources = [];
        ClusterUid = null;
    }

    /// <summary>The snapshot so far. Roles and bindings come out sorted: their order shows in evidence.</summary>
    /// <param name="cluster">Where the objects come from.</param>
    /// <param name="collectedAt">When they were collected.</param>
    public Snapshot Build(ClusterInfo cluster, DateTimeOffset collectedAt)
    {
        var kinds = Partitioner.Create(objects, EnumerablePartitionerOptions.NoBuffering);
        foreach (var contradiction in kinds.AsParallel().WithExecutionMode(ParallelExecutionMode.ForceParallelism).SelectMany(ofKind => Settle(ofKind.Key, ofKind.Value)).AsSequential())
            Add(contradiction);
        return new()
        {
            Cluster = cluster with { Uid = cluster.Uid ?? ClusterUid },
            CollectedAt = collectedAt,
            Sources = sources,
            Roles = All<Role>(),
            Bindings = All<Binding>(),
            Accounts = All<Account>(),
            Workloads = All<Workload>(),
            Namespaces = All<Namespace>(),
            Nodes = All<Node>(),
            TokenSecrets = All<TokenSecret>(),
            Webhooks = All<WebhookConfiguration>(),
            SigningRequests = All<SigningRequest>(),
            Gaps = [.. gaps.OrderBy(gap => gap.Kind, StringComparer.Ordinal).ThenBy(gap => gap.Detail, StringComparer.Ordinal)],
            Counts = objects.Where(ofKind => ofKind.Value.Count > 0).ToImmutableSortedDictionary(ofKind => ofKind.Key, ofKind => ofKind.Value.Count, StringComparer.Ordinal),
        };
    }

    void Add(string kind, string @namespace, string name, object value) => Of(kind).Add(new(@namespace, name, value));

    List<Entry> Of(string kind)
    {
        if (!objects.TryGetValue(kind, out var added))
            objects.Add(kind, added = []);
        return added;
    }

    /// <summary>Leaves out what was added again, and sorts what comes out sorted.</summary>
    /// <returns>A gap for every copy that says something else.</returns>
    static List<Gap> Settle(string kind, List<Entry> added)
    {
        var contradictions = new List<Gap>();
        var first = new HashSet<Entry>(added.Count);
        added.RemoveAll(IsCopy);
        if (added is [{ Value: Role or Binding }, ..])
            added.Sort(Entry.Compare);
        return contradictions;

        bool IsCopy(Entry entry)
        {
            if (first.Add(entry))
                return false;
            if (first.TryGetValue(entry, out var known) && !Same(known.Value, entry.Value))
            {
                var where = entry.Namespace.Length == 0 ? entry.Name : $"{entry.Namespace}/{entry.Name}";
                contradictions.Add(new(kind, Gap.Reasons.Contradicting, $"{kind} {where} is in the input twice, with different content; the first copy was used"));
            }

            return true;
        }
    }

    // Immutable arrays in records compare by reference, so copies are compared by what they say.
    static bool Same(object left, object right) => (left, right) switch
    {
        (Role a, Role b) => a.Rules.Equals(b.Rules),
        (Binding a, Binding b) => a.RoleRef == b.RoleRef && a.Subjects.SequenceEqual(b.Subjects),
        (Workload a, Workload b) => a with { SecretVolumes = b.SecretVolumes, SecretVariables = b.SecretVariables, HostPaths = b.HostPaths, ReadOnlyHostPaths = b.ReadOnlyHostPaths, Capabilities = b.Capabilities } == b
            && a.SecretVolumes.SequenceEqual(b.SecretVolumes) && a.SecretVariables.SequenceEqual(b.SecretVariables) && a.HostPaths.SequenceEqual(b.HostPaths)
            && a.ReadOnlyHostPaths.SequenceEqual(b.ReadOnlyHostPaths) && a.Capabilities.SequenceEqual(b.Capabilities),
        (Account a, Account b) => a with { Secrets = b.Secrets } == b && a.Secrets.SequenceEqual(b.Secrets),
        (SigningRequest a, SigningRequest b) => a with { Groups = b.Groups } == b && a.Groups.SequenceEqual(b.Groups),
        (WebhookConfiguration a, WebhookConfiguration b) => a.FailingOpen.SequenceEqual(b.FailingOpen),
        _ => left.Equals(right),
    };

    ImmutableArray<T> All<T>()
    {
        var all = ImmutableArray.CreateBuilder<T>(objects.Values.Sum(added => added is [{ Value: T }, ..] ? added.Count : 0));
        // Cluster roles and their bindings come before those of namespaces; other kinds as they were met.
        foreach (var (_, added) in objects.OrderByDescending(ofKind => ofKind.Key is "ClusterRole" or "ClusterRoleBinding"))
            if (added is [{ Value: T }, ..])
                foreach (var entry in added)
                    all.Add((T)entry.Value);
        return all.MoveToImmutable();
    }

    RuleSet Intern(RuleSet body)
    {
        if (bodies.TryGetValue(body, out var known))
            return known;
        var shared = RuleSet.Of(body.Select(Intern));
        bodies.Add(shared, shared);
        return shared;
    }

    PolicyRule Intern(PolicyRule rule)
    {
        if (rules.TryGetValue(rule, out var known))
            return known;
        var shared = new PolicyRule
        {
            Verbs = Intern(rule.Verbs),
            ApiGroups = Intern(rule.ApiGroups),
            Resources = Intern(rule.Resources),
            ResourceNames = Intern(rule.ResourceNames),
            NonResourceUrls = Intern(rule.NonResourceUrls),
        };
        rules.Add(shared, shared);
        return shared;
    }

    Names Intern(Names field)
    {
        if (!interned.TryGetValue(field, out var shared))
            interned.Add(field, shared = field);
        return shared;
    }

    /// <summary>An object under its name, which is hashed as soon as it is read: later it would have to be fetched from memory again.</summary>
    readonly record struct Entry(string Namespace, string Name, object Value)
    {
        readonly int hash = HashCode.Combine(Namespace, Name);

        public bool Equals(Entry other) => hash == other.hash && Name == other.Name && Namespace == other.Namespace;

        public override int GetHashCode() => hash;

        public static int Compare(Entry one, Entry other)
        {
            var order = string.CompareOrdinal(one.Namespace, other.Namespace);
            return order == 0 ? string.CompareOrdinal(one.Name, other.Name) : order;
        }
    }
}
