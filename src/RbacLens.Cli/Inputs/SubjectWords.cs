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
    /// <exception cref="InputException">It is no such word.</exception>
    public static Subject Read(string text, Snapshot snapshot)
    {
        var (kind, name) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon].ToLowerInvariant(), text[(colon + 1)..]) : ("", text);
        return kind switch
        {
            "user" when name.Length > 0 => new Subject.User(name).Canonical,
            "group" when name.Length > 0 => new Subject.Group(name),
            "sa" or "serviceaccount" => Account(text, name),
            _ when WellKnown.TryServiceAccount(text) is { } account => account,
            _ => throw new InputException($"{text}: {Expected}{Suggestions(text, snapshot)}"),
        };
    }

    /// <summary>As it is written on a command line.</summary>
    public static string Write(Subject subject) => subject switch
    {
        Subject.ServiceAccount account => $"sa:{account.Namespace}/{account.Name}",
        _ => $"{subject.Kind.ToLowerInvariant()}:{subject.Name}",
    };

    /// <summary>Every subject that a binding names or that exists, in its one spelling.</summary>
    public static IEnumerable<Subject> Known(Snapshot snapshot) =>
        snapshot.Bindings.SelectMany(binding => binding.Subjects)
            .Where(subject => subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 }))
            .Select(subject => subject.Canonical)
            .Concat(snapshot.Accounts.Select(account => account.Subject))
            .Distinct();

    /// <summary>A line about each of these that no binding names and that does not exist either: people misspell names.</summary>
    /// <param name="subject">Who is asked about.</param>
    /// <param name="identity">The groups that count.</param>
    /// <param name="snapshot">What names subjects.</param>
    public static IEnumerable<string> Strange(Subject subject, Identity identity, Snapshot snapshot)
    {
        var known = Known(snapshot).ToHashSet();
        var named = identity.Groups.Except(Identity.Of(subject).Groups, StringComparer.Ordinal).Select(name => (Subject)new Subject.Group(name));
        foreach (var one in named.Prepend(subject.Canonical))
        {
            if (known.Contains(one) || one is Subject.Group { Name: WellKnown.Masters })
                continue;
            var hint = Similar.Hint(Write(one), known.Where(other => other.Kind == one.Kind).Select(Write));
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
