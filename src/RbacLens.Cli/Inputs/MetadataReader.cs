using System.Collections.Immutable;

namespace RbacLens.Cli.Inputs;

/// <summary>An object's metadata, as far as anything here depends on it. Of the annotations only a few.</summary>
sealed class MetadataReader
{
    readonly List<KeyValuePair<string, string>> labels = [];
    bool needsLabels;
    bool isList;
    bool needsUid;
    bool needsTime;

    public string Name { get; private set; } = "";

    public string Namespace { get; private set; } = "";

    public string GenerateName { get; private set; } = "";

    public bool GeneratesName => GenerateName.Length > 0;

    public bool HasUid { get; private set; }

    /// <summary>Of a namespace: its UID, which tells clusters apart.</summary>
    public string Uid { get; private set; } = "";

    /// <summary>Of a role, a binding or an account: when it was made; null where nothing says it.</summary>
    public DateTimeOffset? Created { get; private set; }

    /// <summary>The account a token Secret belongs to.</summary>
    public string? TokenOf { get; private set; }

    /// <summary>The identity of a cloud that an account stands for, with the annotation that says so.</summary>
    public (string Annotation, string Identity)? Cloud { get; private set; }

    /// <summary>Whether the API server may restore it: <c>rbac.authorization.kubernetes.io/autoupdate</c> does not say no.</summary>
    public bool IsReconciled { get; private set; } = true;

    /// <summary>Whether a kubelet made it to show a pod of its own.</summary>
    public bool IsMirror { get; private set; }

    /// <summary>The controlling owner as <c>Kind/name</c>.</summary>
    public string? Owner { get; private set; }

    /// <summary>Of a list: the token for its next page.</summary>
    public string Continue { get; private set; } = "";

    /// <summary>The version of the object or list.</summary>
    public string ResourceVersion { get; private set; } = "";

    public ImmutableSortedDictionary<string, string> Labels =>
        labels.Count == 0
            ? ImmutableSortedDictionary<string, string>.Empty
            : labels.DistinctBy(label => label.Key).ToImmutableSortedDictionary(StringComparer.Ordinal);

    public void Start()
    {
        labels.Clear();
        (Name, Namespace, GenerateName, HasUid, TokenOf, Owner) = ("", "", "", false, null, null);
        (Continue, ResourceVersion, Uid, IsReconciled, IsMirror, Cloud, Created) = ("", "", "", true, false, null, null);
    }

    /// <summary>Reads the metadata at hand.</summary>
    /// <param name="json">At its value.</param>
    /// <param name="kind">The object's kind, where it is known by now: labels and versions are read for those kinds only that need them.</param>
    public void Read(ref JsonCursor json, string kind)
    {
        Start();
        (needsLabels, needsUid, isList) = (kind is "" or "ClusterRole" or "Namespace" or "Node" or "Secret", kind is "" or "Namespace", kind is "" || kind.EndsWith("List", StringComparison.Ordinal));
        needsTime = kind is "" or "ClusterRole" or "ClusterRoleBinding" or "Role" or "RoleBinding" or "ServiceAccount";
        if (!json.EntersObject("metadata"))
            return;
        while (json.NextProperty())
            ReadProperty(ref json);
    }

    void ReadProperty(ref JsonCursor json)
    {
        if (json.Is("name"u8) && json.Read())
            Name = json.Text("metadata.name");
        else if (json.Is("namespace"u8) && json.Read())
            Namespace = json.String("metadata.namespace");
        else if (needsLabels && json.Is("labels"u8) && json.Read())
            ReadLabels(ref json);
        else if (json.Is("annotations"u8) && json.Read())
            ReadAnnotations(ref json);
        else if (json.Is("ownerReferences"u8) && json.Read())
            ReadOwners(ref json);
        else if (json.Is("generateName"u8) && json.Read())
            GenerateName = json.String("metadata.generateName");
        else if (json.Is("uid"u8) && json.Read())
            ReadUid(ref json);
        else if (needsTime && json.Is("creationTimestamp"u8) && json.Read())
            Created = json.Time("metadata.creationTimestamp");
        else if (isList && json.Is("resourceVersion"u8) && json.Read())
            ResourceVersion = json.Text("metadata.resourceVersion");
        else if (isList && json.Is("continue"u8) && json.Read())
            Continue = json.Text("metadata.continue");
        else if (json.Read())
            json.Skip();
    }

    void ReadUid(ref JsonCursor json)
    {
        if (needsUid)
            Uid = json.String("metadata.uid");
        HasUid = needsUid ? Uid.Length > 0 : json.IsText("metadata.uid");
    }

    void ReadLabels(ref JsonCursor json)
    {
        if (!json.EntersObject("metadata.labels"))
            return;
        while (json.NextProperty())
        {
            var key = json.PropertyName();
            if (json.Read())
                labels.Add(new(key, json.String("metadata.labels")));
        }
    }

    void ReadAnnotations(ref JsonCursor json)
    {
        if (!json.EntersObject("metadata.annotations"))
            return;
        while (json.NextProperty())
        {
            if (json.Is("kubernetes.io/service-account.name"u8) && json.Read())
                TokenOf = json.String("metadata.annotations");
            else if (json.Is("rbac.authorization.kubernetes.io/autoupdate"u8) && json.Read())
                IsReconciled = json.String("metadata.annotations") != "false";
            else if (json.Is("eks.amazonaws.com/role-arn"u8) && json.Read())
                Note("eks.amazonaws.com/role-arn", json.String("metadata.annotations"));
            else if (json.Is("iam.gke.io/gcp-service-account"u8) && json.Read())
                Note("iam.gke.io/gcp-service-account", json.String("metadata.annotations"));
            else if (json.Is("azure.workload.identity/client-id"u8) && json.Read())
                Note("azure.workload.identity/client-id", json.String("metadata.annotations"));
            else
            {
                IsMirror |= json.Is("kubernetes.io/config.mirror"u8);
                if (json.Read())
                    json.Skip();
            }
        }
    }

    void Note(string annotation, string identity) => Cloud = identity.Length == 0 ? Cloud : (annotation, identity);

    void ReadOwners(ref JsonCursor json)
    {
        if (!json.EntersArray("metadata.ownerReferences"))
            return;
        while (json.NextElement())
            if (OwnerReference(ref json) is { } owner)
                Owner = owner;
    }

    static string? OwnerReference(ref JsonCursor json)
    {
        if (!json.EntersObject("metadata.ownerReferences"))
            return null;
        var (kind, name, controls) = (default(Piece), default(Piece), false);
        while (json.NextProperty())
        {
            if (json.Is("kind"u8) && json.Read())
                kind = json.Piece("metadata.ownerReferences.kind");
            else if (json.Is("name"u8) && json.Read())
                name = json.Piece("metadata.ownerReferences.name");
            else if (json.Is("controller"u8) && json.Read())
                controls = json.Boolean("metadata.ownerReferences.controller") == true;
            else if (json.Read())
                json.Skip();
        }

        return controls ? json.Joined(kind, name) : null;
    }
}
