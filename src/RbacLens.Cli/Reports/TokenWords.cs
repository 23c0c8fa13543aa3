using RbacLens.Audit;
using RbacLens.Cli.Reports.Html;

namespace RbacLens.Cli.Reports;

/// <summary>How reports put the use of mounted tokens.</summary>
static class TokenWords
{
    /// <summary>As many as a report for people shows.</summary>
    public const int Shown = 100;

    /// <summary>The unused first, for those are to be taken away; then by namespace and name.</summary>
    public static IEnumerable<AccountUsage> Ordered(Usage usage) =>
        usage.Accounts.OrderByDescending(IsUnused).ThenBy(account => account.Account.Namespace, StringComparer.Ordinal)
            .ThenBy(account => account.Account.Name, StringComparer.Ordinal).Take(Shown);

    /// <summary>Whether the log shows that nobody uses it.</summary>
    public static bool IsUnused(AccountUsage account) => account is { Used.Requests: 0, IsObservable: true };

    /// <summary><c>not used</c>, <c>98 requests, last 2026-11-21 01:42 UTC</c>.</summary>
    public static string Use(AccountUsage account) => account switch
    {
        { Used: { Requests: > 0, Last: { } last } used } => $"{AuditModel.Times(used.Requests)}, last {AuditModel.Moment(last)}",
        { Used.Requests: > 0 } => AuditModel.Times(account.Used.Requests),
        { IsObservable: false } => "cannot be told from this log",
        _ => "not used",
    };
}
