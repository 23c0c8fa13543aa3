using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>Puts the deeds that a rule sees of one user and one target into one detection.</summary>
sealed class DetectionWriter(AuditSurroundings surroundings, Circumstances circumstances, Attribution attribution)
{
    const int MostTexts = 20;
    const int MostTold = 3;
    const int LongestTold = 100;
    const int MostNames = 100;

    /// <summary>What a deed is about, for a rule.</summary>
    public static DetectionTarget TargetOf(DetectionRule rule, Deed deed) => (rule.Target, deed.Request) switch
    {
        (Aim.Identity, _) => WellKnown.TryServiceAccount(deed.Effective.User) is { } account
            ? new("serviceaccounts", account.Namespace, account.Name)
            : new("users", "", deed.Effective.User),
        // A controller makes pods by the dozen; what they belong to is what somebody made.
        (_, AccessRequest.Resource { Plural: "pods", Verb: "create" } resource) when deed.Body?.Owner.Split(' ') is [{ Length: > 0 } kind, var owner] =>
            new(kind.ToLowerInvariant() + "s", resource.Namespace, owner),
        (_, AccessRequest.Resource resource) => new(resource.Plural, resource.Namespace, deed.PlainName),
        (_, AccessRequest.Path path) => new(path.Url, "", ""),
        _ => new("", "", ""),
    };

    /// <summary>The most requests within a burst's window.</summary>
    public static long Peak(IReadOnlyCollection<DeedCount> counts, Burst burst)
    {
        var together = new RequestTimes();
        foreach (var count in counts)
            if (count.Times is { } times)
                together.Add(times);
        return together.MostWithin(burst.Window);
    }

    /// <summary>How bad deeds are by a rule.</summary>
    public Severity SeverityOf(DetectionRule rule, IReadOnlyList<DeedCount> counts) => WorstOf(rule, counts).Severity;

    /// <summary>The detection.</summary>
    /// <param name="rule">Which rule sees it.</param>
    /// <param name="target">What it is about.</param>
    /// <param name="counts">Deeds of one user about that; at least one.</param>
    public Detection Write(DetectionRule rule, DetectionTarget target, IReadOnlyList<DeedCount> counts)
    {
        var use = counts.Aggregate(default(UseCount), (sum, count) => sum.Plus(count.Use));
        var worst = WorstOf(rule, counts);
        return new()
        {
            Id = rule.Id,
            Title = rule.Title,
            Severity = worst.Severity,
            Because = Because(rule, counts, use.Requests, worst),
            User = counts[0].Deed.User.User,
            ActingAs = counts[0].Deed.ActingAs?.User,
            Target = target,
            Requests = use.Requests,
            Codes = counts.GroupBy(count => count.Deed.Code).ToImmutableSortedDictionary(code => code.Key, code => code.Sum(count => count.Requests)),
            First = use.First,
            Last = use.Last,
            AllowedBy = [.. counts.SelectMany(count => BindingsOf(rule, count)).Distinct().Order()],
            Details = Details(rule, counts, target),
        };
    }

    RatedCase WorstOf(DetectionRule rule, IReadOnlyList<DeedCount> counts) => counts.Select(count => CaseOf(rule, count.Deed)).MaxBy(rated => rated.Severity)!;

    RatedCase CaseOf(DetectionRule rule, Deed deed) =>
        rule.Cases.FirstOrDefault(rated => rated.When.All(when => circumstances.Hold(when, deed))) ?? rule.Cases[^1];

    IEnumerable<Target> BindingsOf(DetectionRule rule, DeedCount count) =>
        rule.Target == Aim.Identity ? attribution.BindingsOfImpersonation(count)
        : attribution.BindingOf(count) is { } binding ? [binding]
        : [];

    string Because(DetectionRule rule, IReadOnlyList<DeedCount> counts, long requests, RatedCase worst)
    {
        var asked = string.Join(", ", counts.Select(count => count.Deed.Request.Verb).Distinct().Order(StringComparer.Ordinal));
        var what = counts[0].Deed.Request is AccessRequest.Resource resource && rule.Target == Aim.Requested ? $" {resource.Spelling}" : "";
        var objects = rule.Target == Aim.Identity ? 0 : counts.Select(count => TargetOf(rule, count.Deed)).Distinct().Count();
        var refused = counts.Where(count => count.Deed.Outcome == Outcome.Refused).Sum(count => count.Requests);
        var parts = new[]
        {
            $"{asked}{what}: {requests} request{(requests == 1 ? "" : "s")}{(objects > 1 ? $" about {objects} objects" : "")}",
            refused == 0 ? "" : refused == requests ? "refused" : $"{refused} refused",
            worst.Means,
            Given([.. counts.Select(count => count.Deed)]),
            rule.Burst is { } burst ? $"{Peak(counts, burst)} of them within {burst.Window.TotalSeconds:0} s" : "",
        };
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    // Of many roles or bindings at once the details tell.
    string Given(IReadOnlyList<Deed> deeds)
    {
        var giving = Giving(deeds);
        var changes = giving.SelectMany(deed => deed.Body?.Changes ?? Names.None).Distinct().ToList();
        if (changes.Count > 0)
            return $"changes {Few(changes)}";
        var roles = giving.Select(Gives).Where(role => role.Length > 0).Distinct().ToList();
        // What may be done to objects tells more than which paths may be read.
        var rules = giving.SelectMany(deed => deed.Body?.Rules ?? RuleSet.Empty).OrderBy(rule => rule.Resources.IsEmpty).Select(RuleText).Distinct().ToList();
        return roles is [var role] ? $"{role}{(giving.SelectMany(To).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } to ? $" to {Few(to)}" : "")}"
            : rules.Count > 0 && giving.Select(deed => deed.ObjectName).Distinct().Count() == 1 ? $"the role allows {Few(rules)}"
            : "";
    }

    // What was refused gave nothing; where all of it was, this is what was tried.
    static List<Deed> Giving(IReadOnlyList<Deed> deeds)
    {
        var rights = deeds.Where(deed => deed.Body is not { Touches: < Part.Rights }).ToList();
        return rights.Where(deed => deed is { Outcome: not Outcome.Refused, Code: < 400 }).ToList() is { Count: > 0 } given ? given : rights;
    }

    static string Few(List<string> texts) => string.Join("; ", texts.Take(MostTold).Select(Short)) + (texts.Count > MostTold ? $" and {texts.Count - MostTold} more" : "");

    static string Short(string text)
    {
        if (text.Length <= LongestTold)
            return text;
        return text[..(char.IsHighSurrogate(text[LongestTold - 1]) ? LongestTold - 1 : LongestTold)] + "…";
    }

    ImmutableSortedDictionary<string, Detail> Details(DetectionRule rule, IReadOnlyList<DeedCount> counts, DetectionTarget target)
    {
        var details = Detection.NoDetails.ToBuilder();
        var deeds = counts.Select(count => count.Deed).ToList();
        Texts("verbs", deeds.Select(deed => deed.Request.Verb));
        Texts("names", deeds.Where(deed => deed.ObjectName != target.Name && deed.ObjectName.Length > 0 && rule.Target == Aim.Requested)
            .Select(deed => deed.Namespace == target.Namespace ? deed.ObjectName : $"{deed.Namespace}/{deed.ObjectName}"), MostNames);
        Texts("paths", deeds.Where(deed => deed.Request is AccessRequest.Resource { Subresource: "proxy" }).Select(deed => deed.Tail));
        Texts("commands", deeds.Where(deed => deed.Request is AccessRequest.Resource { Subresource: "exec" }).Select(deed => deed.Tail));
        Texts("requests", deeds.Where(_ => rule.Target == Aim.Identity).Select(deed => $"{deed.Request}{(deed.Namespace.Length == 0 ? "" : $" in {deed.Namespace}")}"));
        Texts("groups", deeds.SelectMany(deed => deed.ActingAs?.Groups ?? []));
        Texts("addresses", deeds.SelectMany(circumstances.ForeignAddresses));
        Texts("accounts", deeds.Where(_ => rule.When.Contains(Circumstance.GainsAccount)).SelectMany(RunsAs));
        Texts("hostAccess", deeds.Where(deed => deed.Body is { Host: not HostAccess.None }).Select(deed => $"{deed.Body!.Host}".ToLowerInvariant()));
        Texts("hostPaths", deeds.SelectMany(deed => deed.Body?.HostPaths ?? Names.None));
        Texts("belowBaseline", deeds.SelectMany(deed => deed.Body?.BelowBaseline ?? Names.None));
        Texts("probeHosts", deeds.SelectMany(circumstances.ProbeHosts));
        var giving = Giving(deeds);
        Texts("gives", giving.Select(Gives));
        Texts("to", giving.SelectMany(To));
        Texts("rules", giving.SelectMany(deed => deed.Body?.Rules ?? RuleSet.Empty).Select(RuleText));
        Texts("changes", giving.SelectMany(deed => deed.Body?.Changes ?? Names.None));
        Texts("aggregatesTo", giving.SelectMany(deed => deed.Body?.AggregatesTo ?? Names.None));
        Texts("replacedSince", counts.Where(attribution.IsReplaced).SelectMany(count => BindingsOf(rule, count)).Select(binding => $"{binding}"));
        Texts("signers", deeds.Select(deed => deed.Body?.Signer ?? ""));
        Texts("sources", counts.SelectMany(count => count.Evidence?.Sources ?? []));
        Texts("userAgents", counts.SelectMany(count => count.Evidence?.Agents ?? []));
        Texts("auditIds", counts.SelectMany(count => count.Evidence?.Ids ?? []));
        Flag("crossNamespace", deeds.Exists(deed => circumstances.Hold(Circumstance.CrossNamespace, deed)));
        Flag("sensitiveNamespace", deeds.Exists(deed => surroundings.IsSensitive(deed.Namespace)));
        Flag("clusterWide", deeds.Exists(deed => circumstances.Hold(Circumstance.ClusterWide, deed)));
        Number("refused", counts.Where(count => count.Deed.Outcome == Outcome.Refused).Sum(count => count.Requests));
        Number("peak", rule.Burst is { } burst ? Peak(counts, burst) : 0);
        return details.ToImmutable();

        void Texts(string name, IEnumerable<string> values, int most = MostTexts)
        {
            var distinct = values.Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
            if (distinct.Count > 0)
                details.Add(name, new Detail.Texts(Names.Of(distinct.Take(most))));
        }

        void Flag(string name, bool holds)
        {
            if (holds)
                details.Add(name, new Detail.Flag());
        }

        void Number(string name, long value)
        {
            if (value > 0)
                details.Add(name, new Detail.Number(value));
        }
    }

    // What the log does not hold of a binding, the cluster may: as it is today, which need not be as it was made.
    const string Today = " (as bound today)";

    string Gives(Deed deed) =>
        deed.Body?.RoleRef is { } role ? $"{role.Kind} {role.Name}"
        : circumstances.BindingToday(deed)?.RoleRef is { } today ? $"{today.Kind} {today.Name}{Today}"
        : "";

    IEnumerable<string> To(Deed deed) =>
        deed.Body is { Subjects.IsEmpty: false } body ? body.Subjects
        : circumstances.BindingToday(deed)?.Subjects.Select(subject => $"{subject}{Today}") ?? [];

    // "get,list deployments in apps", "get /metrics".
    static string RuleText(PolicyRule rule) =>
        rule.Resources.IsEmpty ? $"{rule.Verbs} {rule.NonResourceUrls}"
        : $"{rule.Verbs} {rule.Resources}{(rule.ApiGroups is [""] ? "" : $" in {string.Join(',', rule.ApiGroups.Select(group => group.Length == 0 ? "core" : group))}")}"
            + (rule.ResourceNames.IsEmpty ? "" : $" named {rule.ResourceNames}");

    IEnumerable<string> RunsAs(Deed deed) =>
        deed.Body?.RunsAs is { Length: > 0 } name ? [$"{deed.Namespace}/{name}"]
        : circumstances.MorePowerfulAccounts(deed).Select(account => $"{account.Namespace}/{account.Name}");
}
