using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// One Kubernetes object, read field by field in whatever order they come. Fields nobody needs (environment variables, secret data,
/// managed fields, last-applied-configuration) are skipped unparsed, so they are neither slow nor leaked.
/// </summary>
sealed class ObjectReader
{
    static readonly RoleRef NoRole = new("", "");

    readonly List<string> seen = [];
    readonly PodSpecReader pod = new();
    readonly MetadataReader metadata = new();
    readonly SigningRequestReader signing = new();
    string kind = "";
    string apiVersion = "";
    string type = "";
    bool? automount;
    string? kubeletVersion;
    RuleSet? rules;
    ImmutableArray<LabelSelector> aggregates = [];
    RoleRef roleRef = NoRole;
    ImmutableArray<Subject> subjects = [];
    ImmutableArray<string> failingOpen = [];
    ImmutableArray<string> secrets = [];

    /// <summary>The kind for items of a typed list, which do not name it themselves.</summary>
    public void Start(string? listedKind)
    {
        seen.Clear();
        pod.Start();
        metadata.Start();
        signing.Start();
        (kind, apiVersion, type, automount, kubeletVersion, rules) = (listedKind ?? "", "", "", null, null, null);
        (aggregates, roleRef, subjects, failingOpen, secrets) = ([], NoRole, [], [], []);
    }

    /// <summary>Whether the API server stored this object: it has a uid, which no manifest has.</summary>
    public bool IsStored => metadata.HasUid;

    public string Kind => kind;

    /// <summary>Of a list: the token for its next page.</summary>
    public string Continue => metadata.Continue;

    /// <summary>Of a list: its version.</summary>
    public string ResourceVersion => metadata.ResourceVersion;

    void Read(ref JsonCursor json)
    {
        if (!json.EntersObject("the item"))
            return;
        while (json.NextProperty())
            ReadProperty(ref json);
    }

    /// <summary>Reads the object at hand; false when the buffer cuts it off.</summary>
    /// <param name="json">At the object.</param>
    /// <param name="listedKind">Its kind if it does not name it.</param>
    public bool TakeWhole(ref JsonCursor json, string? listedKind)
    {
        Start(listedKind);
        Read(ref json);
        return !json.Starved;
    }

    /// <summary>Reads the property whose name is at hand.</summary>
    public void ReadProperty(ref JsonCursor json)
    {
        // For known kinds that need nothing more, the rest of the object passes by unparsed.
        if (json.Is("kind"u8))
            Once(ref json, "kind", static (self, ref json) => self.kind = json.String("kind") is { Length: > 0 } k and not "PartialObjectMetadata" ? k : self.kind);
        else if (json.Is("apiVersion"u8))
            Once(ref json, "apiVersion", static (self, ref json) => self.apiVersion = json.String("apiVersion"));
        else if (json.Is("metadata"u8))
            Once(ref json, "metadata", static (self, ref json) => self.metadata.Read(ref json, self.kind));
        else if (json.Is("rules"u8))
            Once(ref json, "rules", static (self, ref json) => self.rules = RbacReader.Rules(ref json));
        else if (json.Is("aggregationRule"u8))
            Once(ref json, "aggregationRule", static (self, ref json) => self.aggregates = RbacReader.AggregationRule(ref json));
        else if (json.Is("roleRef"u8))
            Once(ref json, "roleRef", static (self, ref json) => self.roleRef = RbacReader.RoleRef(ref json));
        else if (json.Is("subjects"u8))
            Once(ref json, "subjects", static (self, ref json) => self.subjects = RbacReader.Subjects(ref json));
        else if (json.Is("spec"u8))
            Once(ref json, "spec", static (self, ref json) => self.ReadSpec(ref json));
        else if (json.Is("automountServiceAccountToken"u8))
            Once(ref json, "automountServiceAccountToken", static (self, ref json) => self.automount = json.Boolean("automountServiceAccountToken"));
        else if (json.Is("type"u8))
            Once(ref json, "type", static (self, ref json) => self.type = json.String("type"));
        else if (json.Is("webhooks"u8))
            Once(ref json, "webhooks", static (self, ref json) => self.failingOpen = WebhookReader.FailingOpen(ref json));
        else if (json.Is("secrets"u8) && kind is "ServiceAccount" or "")
            Once(ref json, "secrets", static (self, ref json) => self.secrets = AccountReader.Secrets(ref json));
        else if (json.Is("status"u8) && kind is "Node" or "CertificateSigningRequest" or "Pod" or "Job" or "")
            Once(ref json, "status", static (self, ref json) => self.ReadStatus(ref json));
        else if (json.Read())
            json.Skip();
    }

    // Where the kind comes last, the value is read as any that it may turn out to be: the cursor is a value, so a copy reads it again.
    void ReadSpec(ref JsonCursor json)
    {
        var again = json;
        if (kind != "CertificateSigningRequest")
            pod.ReadSpec(ref json);
        if (kind == "")
            signing.ReadSpec(ref again);
        else if (kind == "CertificateSigningRequest")
            signing.ReadSpec(ref json);
    }

    void ReadStatus(ref JsonCursor json)
    {
        var again = json;
        if (kind is "Pod" or "Job")
        {
            pod.ReadStatus(ref json);
            return;
        }

        if (kind == "")
        {
            var pods = json;
            pod.ReadStatus(ref pods);
        }

        if (kind != "CertificateSigningRequest")
            kubeletVersion = NodeReader.KubeletVersion(ref json);
        if (kind == "")
            signing.ReadStatus(ref again);
        else if (kind == "CertificateSigningRequest")
            signing.ReadStatus(ref json);
    }

    delegate void Field(ObjectReader self, ref JsonCursor json);

    void Once(ref JsonCursor json, string field, Field read)
    {
        if (!json.Read())
            return;
        read(this, ref json);
        // Only what was read whole counts: a value that the buffer cuts off is read again.
        if (json.Starved)
            return;
        if (seen.Contains(field))
            json.ReportTwice(field);
        seen.Add(field);
    }

    /// <summary>Adds what was read to the builder, as a gap if it was not what its kind must be; other kinds are passed over.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="problem">What the cursor met, if anything.</param>
    /// <param name="place">Where the object stands, for messages.</param>
    /// <param name="defaultNamespace">For namespaced objects that name none.</param>
    /// <returns>Whether this kind is one that is kept.</returns>
    public bool AddTo(SnapshotBuilder into, string? problem, Place place, string defaultNamespace)
    {
        if (kind.Length == 0)
        {
            into.Add(new Gap("*", Gap.Reasons.Malformed, $"{place}: found an object without kind, expected a Kubernetes object"));
            return false;
        }

        if (!IsKept(kind) || !IsItsGroup())
            return false;
        if (problem is null && metadata.Name.Length == 0)
            problem = metadata.GeneratesName ? null : "metadata.name is missing";
        if (problem is not null)
            into.Add(new Gap(kind, Gap.Reasons.Malformed, $"{place}: {kind} {Address()}: {problem}"));
        else
            Add(into, IsClusterScoped(kind) ? "" : metadata.Namespace.Length == 0 ? defaultNamespace : metadata.Namespace, place.Source);
        return true;
    }

    static bool IsKept(string kind) => IsClusterScoped(kind) || HasPods(kind) || kind is "Role" or "RoleBinding" or "ServiceAccount" or "Secret";

    static bool IsClusterScoped(string kind) => kind
        is "ClusterRole" or "ClusterRoleBinding" or "Namespace" or "Node" or "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration"
            or "CertificateSigningRequest";

    static bool HasPods(string kind) => kind
        is "Pod" or "Deployment" or "DaemonSet" or "StatefulSet" or "ReplicaSet" or "ReplicationController" or "Job" or "CronJob" or "DeploymentConfig";

    // A custom resource may be called Role, too. Typed lists say their group in the list, not in the items.
    bool IsItsGroup() => apiVersion.Length == 0 || kind switch
    {
        "Role" or "RoleBinding" or "ClusterRole" or "ClusterRoleBinding" => HasGroup("rbac.authorization.k8s.io"),
        "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration" => HasGroup("admissionregistration.k8s.io"),
        "CertificateSigningRequest" => HasGroup("certificates.k8s.io"),
        "Deployment" or "DaemonSet" or "StatefulSet" or "ReplicaSet" => HasGroup("apps") || HasGroup("extensions"),
        "Job" or "CronJob" => HasGroup("batch"),
        "DeploymentConfig" => HasGroup("apps.openshift.io"),
        _ => !apiVersion.Contains('/') || HasGroup("meta.k8s.io"),
    };

    bool HasGroup(string group) =>
        apiVersion.Length > group.Length && apiVersion[group.Length] == '/' && apiVersion.StartsWith(group, StringComparison.Ordinal);

    string Address() => metadata.Name.Length == 0 ? "without a name" : metadata.Namespace.Length == 0 ? metadata.Name : $"{metadata.Namespace}/{metadata.Name}";

    void Add(SnapshotBuilder into, string ns, SourceLine? source)
    {
        var name = metadata.Name.Length == 0 ? metadata.GenerateName : metadata.Name;
        if (source is not null)
            into.AddSource(kind, ns, name, source);
        switch (kind)
        {
            case "ClusterRole" or "Role":
                into.Add(new Role(new(ns), name, rules ?? RuleSet.Empty) { Labels = metadata.Labels, Aggregates = aggregates, IsReconciled = metadata.IsReconciled, Created = metadata.Created });
                break;
            case "ClusterRoleBinding" or "RoleBinding":
                into.Add(new Binding(new(ns), name, InNamespace(subjects, ns), roleRef) { IsReconciled = metadata.IsReconciled, Created = metadata.Created });
                break;
            case "ServiceAccount":
                into.Add(new Account(ns, name, automount) { Secrets = secrets, Created = metadata.Created, CloudIdentity = metadata.Cloud is { } cloud ? new(cloud.Annotation, cloud.Identity) : null });
                break;
            case "Namespace":
                if (name == "kube-system" && metadata.HasUid)
                    into.ClusterUid ??= metadata.Uid;
                into.Add(new Namespace(name, metadata.Labels.GetValueOrDefault("pod-security.kubernetes.io/enforce")));
                break;
            case "Node":
                into.Add(new Node(name, kubeletVersion) { IsControlPlane = NodeReader.IsControlPlane(metadata.Labels) });
                break;
            case "Secret" when type is "kubernetes.io/service-account-token" or "":
                AddTokenSecret(into, ns, name);
                break;
            case "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration":
                into.Add(new WebhookConfiguration(kind, name, failingOpen));
                break;
            case "CertificateSigningRequest":
                into.Add(signing.Request(name));
                break;
            case var _ when HasPods(kind):
                into.Add(pod.Workload(kind, ns, name, metadata.Owner, metadata.IsMirror));
                break;
        }
    }

    void AddTokenSecret(SnapshotBuilder into, string ns, string name)
    {
        // Metadata-only lists have no type, but were asked for this type; a full Secret without one is Opaque.
        if (type.Length > 0 || apiVersion.Length == 0 || HasGroup("meta.k8s.io"))
            into.Add(new TokenSecret(ns, name, metadata.TokenOf)
            {
                LastUsed = metadata.Labels.GetValueOrDefault("kubernetes.io/legacy-token-last-used"),
                InvalidSince = metadata.Labels.GetValueOrDefault("kubernetes.io/legacy-token-invalid-since"),
            });
    }

    static ImmutableArray<Subject> InNamespace(ImmutableArray<Subject> subjects, string ns) =>
        subjects.Any(subject => subject is Subject.ServiceAccount { Namespace.Length: 0 })
            ? [.. subjects.Select(subject => subject is Subject.ServiceAccount { Namespace.Length: 0 } account ? account with { Namespace = ns } : subject)]
            : subjects;
}
