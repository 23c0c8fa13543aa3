using System.Collections.Immutable;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>A suspicious pattern that the audit log shows: who did what to what, how often, and what allowed it.</summary>
public sealed record Detection
{
    /// <summary>The id of the detection rule: <c>service-proxy</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What the rule calls it, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>How bad.</summary>
    public required Severity Severity { get; init; }

    /// <summary>One line: what was done, and why that is rated so.</summary>
    public required string Because { get; init; }

    /// <summary>Who authenticated; of an impersonated request the impersonator.</summary>
    public required string User { get; init; }

    /// <summary>As whom the requests were made, where they were impersonated; otherwise null.</summary>
    public string? ActingAs { get; init; }

    /// <summary>What the requests were about.</summary>
    public required DetectionTarget Target { get; init; }

    /// <summary>Distinct requests: the stages of one request count once.</summary>
    public required long Requests { get; init; }

    /// <summary>Answers by HTTP status; requests without an answer in the log are under 0.</summary>
    public ImmutableSortedDictionary<int, long> Codes { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    /// <summary>When the first of them was received; null where the log says no time that can be read.</summary>
    public required DateTimeOffset? First { get; init; }

    /// <summary>When the last of them was received; null likewise.</summary>
    public required DateTimeOffset? Last { get; init; }

    /// <summary>The bindings that allowed them, by kind, namespace and name; empty where RBAC did not, or nothing says so.</summary>
    public ImmutableArray<Target> AllowedBy { get; init; } = [];

    /// <summary>What else is known, by name.</summary>
    public ImmutableSortedDictionary<string, Detail> Details { get; init; } = NoDetails;

    /// <summary>Who said that this is legitimate, if anyone did.</summary>
    public Suppression? Suppression { get; init; }

    /// <summary>The area of all detection rules, where they stand beside policies.</summary>
    public const string Area = "audit";

    /// <summary>Sixteen hex digits that stay the same as long as rule, user and target do.</summary>
    public string Fingerprint => Finding.Digest([Area, Id, User, ActingAs ?? "", Target.Resource, Target.Namespace, Target.Name]);

    /// <summary>The same as a finding, for reports that know of nothing else.</summary>
    /// <param name="rule">The texts of its rule.</param>
    public Finding AsFinding(Policy rule)
    {
        var allowed = AllowedBy.IsEmpty ? "" : $"; allowed by {string.Join(", ", AllowedBy)}";
        var who = ActingAs is null ? "" : $" as {ActingAs}";
        return new(
            rule, WellKnown.TryServiceAccount(User) is { } account ? Policies.Target.Of(account) : new("User", "", User), [new Scope(Target.Namespace)], Severity,
            $"{Because}{who}: {Target}, {Requests} {(Requests == 1 ? "request" : "requests")}{Until}{allowed}")
        {
            Detection = this,
            Suppression = Suppression,
        };
    }

    string Until => Last is { } last ? $" until {last.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : " at unknown times";

    /// <summary>No details, sorted by ordinal.</summary>
    public static ImmutableSortedDictionary<string, Detail> NoDetails { get; } = ImmutableSortedDictionary.Create<string, Detail>(StringComparer.Ordinal);

    /// <summary>Worst first, then by rule, user and target.</summary>
    public static IComparer<Detection> WorstFirst { get; } = Comparer<Detection>.Create(Compare);

    static int Compare(Detection left, Detection right)
    {
        var order = (int)right.Severity - (int)left.Severity;
        if (order == 0)
            order = string.CompareOrdinal(left.Id, right.Id);
        if (order == 0)
            order = string.CompareOrdinal(left.User, right.User);
        if (order == 0)
            order = string.CompareOrdinal(left.ActingAs, right.ActingAs);
        return order == 0 ? left.Target.CompareTo(right.Target) : order;
    }
}

/// <summary>What a request was about.</summary>
/// <param name="Resource">As rules spell it, without a proxied or executed subresource's name: <c>services</c>; the path for URLs outside the API.</param>
/// <param name="Namespace">Empty for what has none.</param>
/// <param name="Name">The object; empty for all of them at once.</param>
public sealed record DetectionTarget(string Resource, string Namespace, string Name) : IComparable<DetectionTarget>
{
    /// <summary>By resource, namespace and name, ordinal.</summary>
    public int CompareTo(DetectionTarget? other)
    {
        if (other is null)
            return 1;
        var resource = string.CompareOrdinal(Resource, other.Resource);
        var ns = resource != 0 ? resource : string.CompareOrdinal(Namespace, other.Namespace);
        return ns != 0 ? ns : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary><c>services monitoring/grafana</c>, <c>secrets kube-system/*</c>, <c>nodes worker-1</c>.</summary>
    public override string ToString() =>
        Resource.StartsWith('/') ? Resource
        : $"{Resource} {(Namespace.Length == 0 ? "" : Namespace + "/")}{(Name.Length == 0 ? "*" : Name)}";

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(DetectionTarget left, DetectionTarget right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(DetectionTarget left, DetectionTarget right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(DetectionTarget left, DetectionTarget right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(DetectionTarget left, DetectionTarget right) => left.CompareTo(right) >= 0;
}

/// <summary>One more thing that is known about a detection.</summary>
public abstract record Detail
{
    /// <summary>It is so.</summary>
    public sealed record Flag : Detail
    {
        /// <inheritdoc/>
        public override string ToString() => "yes";
    }

    /// <summary>How many.</summary>
    public sealed record Number(long Value) : Detail
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Value}";
    }

    /// <summary>Which ones; sorted, never empty.</summary>
    public sealed record Texts(Names Values) : Detail
    {
        /// <inheritdoc/>
        public override string ToString() => string.Join(", ", Values);
    }
}
