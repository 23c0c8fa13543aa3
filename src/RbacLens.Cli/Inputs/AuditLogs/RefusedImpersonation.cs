using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Requests that were refused because the one who asked may not act as somebody else. The API server notes neither <c>impersonatedUser</c> nor
/// a decision of them (filters/impersonation runs between audit and authorization); only the answer says whom it was to be: <c>users "root" is
/// forbidden: User "alice" cannot impersonate resource "users" in API group "" at the cluster scope</c>.
/// </summary>
sealed class RefusedImpersonation
{
    readonly byte[] user = new byte[1024];
    readonly byte[] groups = new byte[1024];

    /// <summary>Notes whom such a request was to be, as if it had been logged.</summary>
    public void Note(scoped ref RawEvent found)
    {
        if (!found.Code.SequenceEqual("403"u8) || !found.Decision.IsEmpty || !found.ActingAs.IsEmpty || found.Message.IndexOf("\\\" cannot impersonate"u8) < 0)
            return;
        var message = found.Message;
        var (start, end) = (message.IndexOf(" \\\""u8), message.IndexOf("\\\" is forbidden"u8));
        if (start <= 0 || end < start + 3)
            return;
        var (kind, name) = (message[..start], message[(start + 3)..end]);
        kind = kind.IndexOf((byte)'.') is > 0 and var dot ? kind[..dot] : kind;
        var account = Namespace(message);
        if (name.Length + account.Length > 900)
            return;
        found.IsRefusedToActAs = true;
        found.ActingAs = kind.SequenceEqual("users"u8) ? Joined(user, name, default, default, default)
            : kind.SequenceEqual("serviceaccounts"u8) ? Joined(user, "system:serviceaccount:"u8, account, ":"u8, name)
            : Joined(user, Impersonation.SomebodyBytes, default, default, default);
        if (kind.SequenceEqual("groups"u8))
            found.ActingGroups = Joined(groups, "[\""u8, name, "\"]"u8, default);
    }

    static ReadOnlySpan<byte> Namespace(ReadOnlySpan<byte> message)
    {
        var at = message.LastIndexOf("in the namespace \\\""u8);
        if (at < 0)
            return default;
        var rest = message[(at + 19)..];
        return rest.IndexOf((byte)'\\') is >= 0 and var end ? rest[..end] : default;
    }

    static ReadOnlySpan<byte> Joined(byte[] into, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, ReadOnlySpan<byte> fourth)
    {
        first.CopyTo(into);
        second.CopyTo(into.AsSpan(first.Length));
        third.CopyTo(into.AsSpan(first.Length + second.Length));
        fourth.CopyTo(into.AsSpan(first.Length + second.Length + third.Length));
        return into.AsSpan(0, first.Length + second.Length + third.Length + fourth.Length);
    }
}
