using System.Text;

namespace RbacLens.Benchmarks;

/// <summary>Writes access reviews for <c>can-i --batch</c> about the accounts of the generated cluster.</summary>
static class ReviewGenerator
{
    static readonly (string Verb, string Group, string Resource, string Subresource)[] Requests =
    [
        ("get", "", "secrets", ""), ("create", "", "pods", "exec"), ("list", "", "pods", ""), ("patch", "apps", "deployments", ""), ("delete", "", "nodes", ""),
    ];

    /// <summary>Writes so many lines; the same bytes every time.</summary>
    public static void Write(Stream output, int reviews)
    {
        using var lines = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        for (var i = 0; i < reviews; i++)
        {
            var (verb, group, resource, subresource) = Requests[i % Requests.Length];
            var (ns, account) = ($"team-{i * 7 % 5000:d4}", $"account-{i % 10}");
            lines.WriteLine($$$"""{"spec":{"user":"system:serviceaccount:{{{ns}}}:{{{account}}}","groups":["system:serviceaccounts","system:serviceaccounts:{{{ns}}}","system:authenticated"],"resourceAttributes":{"verb":"{{{verb}}}","group":"{{{group}}}","resource":"{{{resource}}}","subresource":"{{{subresource}}}","namespace":"{{{ns}}}"} } }""");
        }
    }
}
