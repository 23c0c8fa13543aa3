using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What the page of a subject says of its paths and of what the audit log shows of it.</summary>
static class SubjectLog
{
    const int MostDetections = 2000;

    /// <summary>The JSON text, a line at a time: <c>"paths":[…],"detections":[…]</c>.</summary>
    public static IEnumerable<string> Lines(Posture posture, Func<string, Dictionary<string, object?>, string> render)
    {
        yield return "\"paths\":[\n";
        var separator = "";
        foreach (var path in posture.Paths)
        {
            var by = path.Steps.Select(step => step.Becomes).Where(place => place != path.From && place.Kind is "User" or "Group" or "ServiceAccount").Distinct();
            yield return $"{separator}[{Name(path.From)},[{string.Join(',', by.Select(Name))}],{Json.Text(render("path", PathModel.Path(path)))}]";
            separator = ",\n";
        }

        yield return "\n],\n\"detections\":[\n";
        separator = "";
        foreach (var detection in posture.Detections.Take(MostDetections))
        {
            yield return $"{separator}[{Name(User(detection.User))},{Json.Text(SeverityModel.Id(detection.Severity))},"
                + string.Join(',', new[] { detection.Title, detection.Because, detection.Target.ToString(), AuditModel.Times(detection.Requests), AuditModel.Moment(detection.Last) }.Select(text => Json.Text(SafeText.Of(text))))
                + "]";
            separator = ",\n";
        }

        yield return "\n]";
    }

    static string Name(Target target) => Json.Text($"{SafeText.Of(target.Kind)} {SubjectModel.Text(target)}");

    /// <summary>The subject that a user name of the log is: an account where it has the form of one.</summary>
    public static Target User(string name) => WellKnown.TryServiceAccount(name) is { } account ? new("ServiceAccount", account.Namespace, account.Name) : new("User", "", name);
}
