using System.Text;
using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Requests that were refused because the one who asked may not act as somebody else. The API server notes neither <c>impersonatedUser</c> nor
/// a decision of them (filters/impersonation runs between audit and authorization); only the answer says whom it was to be: <c>users "root" is
/// forbidden: User "alice" cannot impersonate resource "users" in API group "" at the cluster scope</c>.
/// </summary>
static class RefusedImpersonation
{
    const string Forbidden = "\" is forbidden: ";
    const string InNamespace = "in the namespace \"";

    /// <summary>Notes whom such a request was to be, as if it had been logged.</summary>
    public static void Note(scoped ref RawEvent found)
    {
        if (!found.Code.SequenceEqual("403"u8) || !found.Decision.IsEmpty || !found.ActingAs.IsEmpty || found.Message.IndexOf(" cannot impersonate"u8) < 0)
            return;
        var message = RawText.Text(found.Message);
        var (start, end) = (message.IndexOf(" \"", StringComparison.Ordinal), message.IndexOf(Forbidden, StringComparison.Ordinal));
        if (start <= 0 || end < start + 2)
            return;
        var name = message[(start + 2)..end];
        found.IsRefusedToActAs = true;
        found.ActingAs = RawText.Escaped(User(message[..start].Split('.')[0], name, message));
        if (message.StartsWith("groups ", StringComparison.Ordinal))
            found.ActingGroups = Encoding.UTF8.GetBytes($"[\"{Encoding.UTF8.GetString(RawText.Escaped(name))}\"]");
    }

    static string User(string kind, string name, string message) => kind switch
    {
        "users" => name,
        "serviceaccounts" => $"system:serviceaccount:{Namespace(message)}:{name}",
        _ => Impersonation.Somebody,
    };

    static string Namespace(string message) =>
        message.LastIndexOf(InNamespace, StringComparison.Ordinal) is >= 0 and var at ? message[(at + InNamespace.Length)..].Split('"')[0] : "";
}
