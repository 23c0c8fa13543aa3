using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>Subjects as people write them: <c>sa:ns/name</c>, <c>user:name</c>, <c>group:name</c>.</summary>
static class SubjectWords
{
    const string Expected = "expected sa:NAMESPACE/NAME, user:NAME or group:NAME";

    /// <summary>The subject, in its one spelling.</summary>
    /// <param name="text">The word.</param>
    /// <param name="snapshot">Whose subjects are suggested for a word without a kind.</param>
    /// <param name="or">Other words that would have been right.</param>
    /// <exception cref="InputException">It is no such word.</exception>
    public static Subject Read(string text, Snapshot snapshot, string? or = null)
    {
        var (kind, name) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon].ToLowerInvariant(), text[(colon + 1)..]) : ("", text);
        return kind switch
        {
            "user" when name.Length > 0 => new Subject.User(name).Canonical,
            "group" when name.Length > 0 => new Subject.Group(name),
            "sa" or "serviceaccount" => Account(text, name),
            _ when WellKnown.TryServiceAccount(text) is { } account => account,
            _ => throw new InputException($"{text}: {(or is null ? Expected : $"{Expected}, or {or}")}{Suggestions(text, snapshot)}"),
        };
    }

    /// <summary>The subject: in the one spelling, as reports write it (<c>Group sre</c>), or a user by the name that the API server knows.</summary>
    /// <param name="text">The words.</param>
    /// <exception cref="InputException">They are of a kind, but incomplete.</exception>
    public static Subject ReadName(string text) => text.Split(' ', 2) switch
    {
        ["Group", { Length: > 0 } group] => new Subject.Group(group),
        ["User", { Length: > 0 } user] => new Subject.User(user).Canonical,
        ["ServiceAccount", var account] => Account(text, account),
        [""] => throw new InputException($"SUBJECT is empty, {Expected}"),
        _ => Meant(text)?.Canonical ?? text.Split(':')[0] switch
        {
            "sa" or "serviceaccount" => throw new InputException($"{UntrustedText.OneLine(text)}: a service account is written sa:NAMESPACE/NAME"),
            "user" or "group" when text.EndsWith(':') => throw new InputException($"{UntrustedText.OneLine(text)}: {Expected}"),
            _ => new Subject.User(text).Canonical,
        },
    };

    /// <summary>As it is written on a command line.</summary>
    public static string Write(Subject subject) => subject switch
    {
        Subject.ServiceAccount account => $"sa:{account.Namespace}/{account.Name}",
        _ => $"{subject.Kind.ToLowerInvariant()}:{subject.Name}",
    };

    /// <summary>As kubectl's --as and --as-group take it: the name that the API server knows.</summary>
    public static string Username(Subject subject) =>
        subject is Subject.ServiceAccount account ? WellKnown.Username(account.Namespace, account.Name) : subject.Name;

    /// <summary>Says how it is written where a name is in the spelling of other commands; null where all names are as kubectl takes them.</summary>
    /// <param name="user">What was given as --as; null for nothing.</param>
    /// <param name="groups">What was given as --as-group.</param>
    /// <param name="snapshot">What names subjects: a user may really be called user:alice.</param>
    public static string? Misspelt(string? user, IEnumerable<string> groups, Snapshot snapshot)
    {
        var asked = groups.Select(name => (Option: "--as-group", What: "group", Name: name, Subject: (Subject)new Subject.Group(name)));
        if (user is not null)
            asked = asked.Prepend(("--as", "user", user, new Subject.User(user)));
        var known = Known(snapshot).ToHashSet();
        foreach (var (option, what, name, subject) in asked)
            if (!known.Contains(subject.Canonical) && Meant(name) is { } meant)
                return meant is Subject.Group == (what == "group")
                    ? $"{option} {name}: {option} takes the {what}'s name: {Username(meant)}"
                    : $"{option} {name}: {option} takes the name of a {what}; for this there is --as{(meant is Subject.Group ? "-group" : "")} {Username(meant)}";
        return null;
    }

    static Subject? Meant(string text) => text.Split(':', 2) switch
    {
        ["user", { Length: > 0 } name] => new Subject.User(name),
        ["group", { Length: > 0 } name] => new Subject.Group(name),
        ["sa" or "serviceaccount", var name] when name.Split('/', ':') is [{ Length: > 0 } ns, { Length: > 0 } account] => new Subject.ServiceAccount(ns, account),
        _ => null,
    };

    /// <summary>Every subject that a binding names or that exists, in its one spelling.</summary>
    public static IEnumerable<Subject> Known(Snapshot snapshot) =>
        snapshot.Bindings.SelectMany(binding => binding.Subjects)
            .Where(subject => subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 }))
            .Select(subject => subject.Canonical)
            .Concat(snapshot.Accounts.Select(account => account.Subject))
            .Distinct();

    /// <summary>
    /// What to know about who is asked about: kubelets are not judged by RBAC alone; and of each name that no binding names and that does not
    /// exist either, people misspell names.
    /// </summary>
    /// <param name="subject">Who is asked about.</param>
    /// <param name="identity">The groups that count.</param>
    /// <param name="snapshot">What names subjects.</param>
    /// <param name="spelling">How names are suggested; as <see cref="Write"/> says them, without it.</param>
    public static IEnumerable<string> Strange(Subject subject, Identity identity, Snapshot snapshot, Func<Subject, string>? spelling = null)
    {
        spelling ??= Write;
        if (WellKnown.IsKubelet(identity.User) || identity.Groups.Contains(WellKnown.Nodes))
            yield return $"{subject}: a kubelet's requests are decided by the node authorizer, too, which allows what belongs to its own node and is no part of RBAC";
        var known = Known(snapshot).ToHashSet();
        var named = identity.Groups.Except(Identity.Of(subject).Groups, StringComparer.Ordinal).Select(name => (Subject)new Subject.Group(name));
        foreach (var one in named.Prepend(subject.Canonical))
        {
            if (known.Contains(one) || one is Subject.Group { Name: WellKnown.Masters })
                continue;
            var hint = Similar.Hint(spelling(one), known.Where(other => other.Kind == one.Kind).Select(spelling));
            var groups = identity.Groups.Where(name => one is not Subject.Group || name != one.Name).ToList();
            yield return $"no binding names {one}{hint}{(one != subject.Canonical || groups.Count == 0 ? "" : $" (only what {string.Join(", ", groups)} may do counts)")}";
        }
    }

    static Subject.ServiceAccount Account(string text, string name) =>
        name.Split('/', ':') is [{ Length: > 0 } ns, { Length: > 0 } account]
            ? new(ns, account)
            : throw new InputException($"{text}: a service account is written sa:NAMESPACE/NAME");

    static string Suggestions(string text, Snapshot snapshot)
    {
        var bare = text.Split('/')[^1];
        var called = Known(snapshot).Where(subject => subject.Name == text || subject.Name == bare).Select(Write).Order(StringComparer.Ordinal).Take(3).ToList();
        return called.Count > 0 ? $"; did you mean {string.Join(" or ", called)}?" : "";
    }
}
