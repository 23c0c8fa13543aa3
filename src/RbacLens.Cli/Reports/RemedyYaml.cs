using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using RbacLens.Policies;
using RbacLens.Policies.Remedies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>A remedy as YAML documents, for people to read and kubectl to apply.</summary>
static partial class RemedyYaml
{
    const string Group = "apiVersion: rbac.authorization.k8s.io/v1";

    public static IEnumerable<string> Lines(Remedy remedy)
    {
        foreach (var note in remedy.Notes)
            yield return $"# {note}";
        foreach (var gone in remedy.Deleted)
            yield return $"# kubectl delete {Named(gone)}";
        // A patch, for a manifest that holds one field alone would take the others away.
        foreach (var changed in remedy.Unmounted)
            yield return $"# kubectl patch {Named(changed)} --type merge -p '{Unmount(changed.Kind)}'";
        foreach (var role in remedy.Roles)
            foreach (var line in Role(role))
                yield return line;
        foreach (var binding in remedy.Bindings)
            foreach (var line in Binding(binding))
                yield return line;
    }

    static string Named(Target target) =>
        $"{target.Kind.ToLowerInvariant()} {(target.Namespace.Length == 0 ? "" : $"-n {ShellWord(target.Namespace)} ")}{ShellWord(target.Name)}";

    static string Unmount(string kind)
    {
        var (before, after) = kind switch
        {
            "ServiceAccount" => ("", ""),
            "CronJob" => ("{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":", "}}}}}"),
            _ => ("{\"spec\":{\"template\":{\"spec\":", "}}}"),
        };
        return before + "{\"automountServiceAccountToken\":false}" + after;
    }

    // People paste these lines, and a name may be anything.
    static string ShellWord(string name) => Plain().IsMatch(name) ? name : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static IEnumerable<string> Role(Role role)
    {
        foreach (var line in Head(role.Kind, role.Scope.Namespace, role.Name))
            yield return line;
        if (role.Labels.Count > 0)
            yield return "  labels:";
        foreach (var (key, value) in role.Labels)
            yield return $"    {Word(key)}: {Word(value)}";
        yield return role.Rules.Count == 0 ? "rules: []" : "rules:";
        foreach (var rule in role.Rules)
        {
            var first = "- ";
            foreach (var (field, names) in new[] { ("apiGroups", rule.ApiGroups), ("resources", rule.Resources), ("resourceNames", rule.ResourceNames), ("nonResourceURLs", rule.NonResourceUrls), ("verbs", rule.Verbs) })
                if (!names.IsEmpty)
                {
                    yield return $"{first}{field}: [{string.Join(", ", names.Select(Word))}]";
                    first = "  ";
                }
        }
    }

    static IEnumerable<string> Binding(Binding binding)
    {
        foreach (var line in Head(binding.Kind, binding.Scope.Namespace, binding.Name))
            yield return line;
        yield return $"roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {Word(binding.RoleRef.Kind)}, name: {Word(binding.RoleRef.Name)}}}";
        yield return "subjects:";
        foreach (var subject in binding.Subjects)
            yield return subject is Subject.ServiceAccount account
                ? $"- {{kind: ServiceAccount, namespace: {Word(account.Namespace)}, name: {Word(account.Name)}}}"
                : $"- {{apiGroup: rbac.authorization.k8s.io, kind: {Word(subject.Kind)}, name: {Word(subject.Name)}}}";
    }

    static IEnumerable<string> Head(string kind, string ns, string name)
    {
        yield return "---";
        yield return Group;
        yield return $"kind: {kind}";
        yield return "metadata:";
        yield return $"  name: {Word(name)}";
        if (ns.Length > 0)
            yield return $"  namespace: {Word(ns)}";
    }

    // A word that YAML could take for something else is a JSON string, which YAML reads as it is meant.
    static string Word(string text) =>
        Plain().IsMatch(text) && text is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n")
            ? text
            : "\"" + JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";

    [GeneratedRegex("^[a-z][a-z0-9./-]*$", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Plain();
}
