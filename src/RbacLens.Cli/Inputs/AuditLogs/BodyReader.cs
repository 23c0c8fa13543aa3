using System.Text;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Reads what detections want to know of a request's body, and nothing else.</summary>
static class BodyReader
{
    /// <summary>The facts, and bytes that are the same for the same facts; null where the body says nothing of interest.</summary>
    public static (BodyFacts Facts, byte[] Key)? TryRead(Deed deed, ReadOnlySpan<byte> request, ReadOnlySpan<byte> response)
    {
        if (deed.Request is not AccessRequest.Resource asked)
            return null;
        try
        {
            // A patch shows only what changes; what came of it shows the whole object.
            var isPatch = asked.Verb is "patch" or "apply" && deed.Code < 300 && response is [(byte)'{', ..] && asked.Spelling != "pods/status";
            using var document = JsonDocument.Parse((isPatch ? response : request).ToArray());
            var facts = Facts(asked, document.RootElement);
            return facts is null ? null : (facts, Encoding.UTF8.GetBytes(KeyOf(facts, document.RootElement)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static BodyFacts? Facts(AccessRequest.Resource asked, JsonElement body) => asked switch
    {
        { Plural: "pods", Subresource: "status" } => new() { PodAddresses = Names.Of(PodAddresses.In(body).Distinct().Order(StringComparer.Ordinal)) },
        { Plural: "clusterrolebindings" or "rolebindings" or "clusterroles" or "roles" } => Granting(body),
        { Plural: "certificatesigningrequests" } => new() { Signer = Text(Member(Member(body, "spec"), "signerName")) },
        _ => Pods(body),
    };

    static BodyFacts? Granting(JsonElement body)
    {
        var role = Member(body, "roleRef");
        var rules = Elements(Member(body, "rules")).Select(Rule).ToList();
        return new()
        {
            RoleRef = role is { ValueKind: JsonValueKind.Object } ? new(Text(Member(role, "kind")), Text(Member(role, "name"))) : null,
            Subjects = Names.Of(Elements(Member(body, "subjects")).Select(SubjectText).Order(StringComparer.Ordinal)),
            Rules = RuleSet.Of(rules),
        };
    }

    static string SubjectText(JsonElement subject) => Text(Member(subject, "kind")) switch
    {
        "ServiceAccount" => new Subject.ServiceAccount(Text(Member(subject, "namespace")), Text(Member(subject, "name"))).ToString(),
        var kind => $"{kind} {Text(Member(subject, "name"))}",
    };

    static PolicyRule Rule(JsonElement rule) => new()
    {
        Verbs = Texts(rule, "verbs"),
        ApiGroups = Texts(rule, "apiGroups"),
        Resources = Texts(rule, "resources"),
        ResourceNames = Texts(rule, "resourceNames"),
        NonResourceUrls = Texts(rule, "nonResourceURLs"),
    };

    /// <summary>The pod, or the template of pods, that the body describes.</summary>
    static BodyFacts? Pods(JsonElement body)
    {
        var spec = Member(body, "spec");
        var template = Member(Member(Member(Member(spec, "jobTemplate") ?? body, "spec"), "template"), "spec") ?? Member(Member(body, "template"), "spec") ?? spec;
        if (Elements(Member(template, "containers")).ToList() is { Count: 0 } && Member(template, "serviceAccountName") is null)
            return null;
        var account = Text(Member(template, "serviceAccountName"));
        return new()
        {
            Owner = Elements(Member(Member(body, "metadata"), "ownerReferences")).Select(owner => $"{Text(Member(owner, "kind"))} {Text(Member(owner, "name"))}").FirstOrDefault() ?? "",
            RunsAs = account.Length > 0 ? account : Text(Member(template, "serviceAccount")),
            Host = Host(template),
            HostPaths = Names.Of(Elements(Member(template, "volumes")).Select(volume => Text(Member(Member(volume, "hostPath"), "path"))).Where(path => path.Length > 0).Distinct().Order(StringComparer.Ordinal)),
        };
    }

    static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    static HostAccess Host(JsonElement? pod)
    {
        var containers = ContainerLists.SelectMany(list => Elements(Member(pod, list)));
        return (containers.Any(container => IsTrue(Member(Member(container, "securityContext"), "privileged"))) ? HostAccess.Privileged : HostAccess.None)
            | (IsTrue(Member(pod, "hostPID")) ? HostAccess.Pid : HostAccess.None)
            | (IsTrue(Member(pod, "hostNetwork")) ? HostAccess.Network : HostAccess.None)
            | (Elements(Member(pod, "volumes")).Any(volume => Member(volume, "hostPath") is not null) ? HostAccess.Path : HostAccess.None);
    }

    static string KeyOf(BodyFacts facts, JsonElement body) => string.Join('\0',
        facts.PodAddresses, facts.Owner, facts.RunsAs, facts.Host, facts.HostPaths, facts.RoleRef, facts.Subjects, facts.Signer,
        facts.Rules.Count == 0 ? "" : Member(body, "rules")?.GetRawText());

    internal static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    internal static IEnumerable<JsonElement> Elements(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    // Half a surrogate pair is valid JSON but no text.
    internal static string Text(JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    static Names Texts(JsonElement element, string name) => Names.Of(Elements(Member(element, name)).Select(item => Text(item)));

    static bool IsTrue(JsonElement? element) => element is { ValueKind: JsonValueKind.True };
}
