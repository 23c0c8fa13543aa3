namespace RbacLens.Rbac;

/// <summary>What a binding names.</summary>
/// <param name="Name">The name as written in the binding.</param>
public abstract record Subject(string Name)
{
    /// <summary>The Kubernetes kind: <c>User</c>, <c>Group</c> or <c>ServiceAccount</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>A user by name. <c>system:serviceaccount:ns:name</c> is that service account.</summary>
    public sealed record User(string Name) : Subject(Name)
    {
        /// <inheritdoc/>
        public override string Kind => "User";
    }

    /// <summary>A group by name.</summary>
    public sealed record Group(string Name) : Subject(Name)
    {
        /// <inheritdoc/>
        public override string Kind => "Group";
    }

    /// <summary>A service account. In a ClusterRoleBinding an empty namespace names nobody.</summary>
    public sealed record ServiceAccount(string Namespace, string Name) : Subject(Name)
    {
        /// <inheritdoc/>
        public override string Kind => "ServiceAccount";
    }

    /// <summary>A kind the API server does not know: it never applies to anyone.</summary>
    public sealed record Unknown(string UnknownKind, string Name) : Subject(Name)
    {
        /// <inheritdoc/>
        public override string Kind => UnknownKind;
    }

    /// <summary>The namespace of a service account, otherwise the empty string.</summary>
    public string NamespaceOrEmpty => this is ServiceAccount account ? account.Namespace : "";

    /// <summary>
    /// The one spelling of each subject: a user called <c>system:serviceaccount:ns:name</c> becomes the service account it is.
    /// </summary>
    public Subject Canonical => this is User && WellKnown.TryServiceAccount(Name) is { } account ? account : this;

    /// <summary>By kind, namespace and name, ordinal.</summary>
    public static IComparer<Subject> Comparer { get; } = Comparer<Subject>.Create((left, right) =>
        string.CompareOrdinal(left.Kind, right.Kind) is not 0 and var kind ? kind
        : string.CompareOrdinal(left.NamespaceOrEmpty, right.NamespaceOrEmpty) is not 0 and var ns ? ns
        : string.CompareOrdinal(left.Name, right.Name));

    /// <summary><c>User alice</c>, <c>ServiceAccount ci/pipeline</c>.</summary>
    public sealed override string ToString() => this is ServiceAccount a ? $"{Kind} {a.Namespace}/{Name}" : $"{Kind} {Name}";
}
