using System.Globalization;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What the script builds the page of a subject from: all its bindings, and the roles that they refer to, each once.</summary>
static class SubjectsData
{
    /// <summary>The JSON text, a line at a time: <c>"subjects":[…],"roles":[…]</c>.</summary>
    public static IEnumerable<string> Lines(Posture posture)
    {
        var numbers = new Dictionary<Rbac.Role, int>(ReferenceEqualityComparer.Instance);
        yield return "\"subjects\":[\n";
        var separator = "";
        foreach (var subject in posture.Subjects)
        {
            var grants = subject.Grants.Select(grant => $"[{Json.Text(grant.Binding.Kind)},{Json.Text(SubjectModel.Text(new(grant.Binding.Kind, grant.Binding.Scope.Namespace, grant.Binding.Name)))},{Number(grant.Role)}]");
            yield return $"{separator}[{Json.Text(SafeText.Of(subject.Subject.Kind))},{Json.Text(SubjectModel.Text(subject.Subject))},[{string.Join(',', grants)}]]";
            separator = ",\n";
        }

        yield return "\n],\n\"roles\":[\n";
        separator = "";
        foreach (var role in numbers.OrderBy(role => role.Value).Select(role => role.Key))
        {
            var rules = role.Rules.Select(rule => Json.Text(RuleText.Of(rule)));
            yield return $"{separator}[{Json.Text(role.Kind)},{Json.Text(SubjectModel.Text(new(role.Kind, role.Scope.Namespace, role.Name)))},[{string.Join(',', rules)}]]";
            separator = ",\n";
        }

        yield return "\n]";

        string Number(Rbac.Role role)
        {
            if (!numbers.TryGetValue(role, out var number))
                numbers.Add(role, number = numbers.Count);
            return number.ToString(CultureInfo.InvariantCulture);
        }
    }
}
