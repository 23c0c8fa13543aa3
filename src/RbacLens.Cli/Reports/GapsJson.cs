using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Reports;

/// <summary>What could not be read, as JSON.</summary>
static class GapsJson
{
    /// <summary>The property <c>gaps</c>, a list.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="gaps">The gaps.</param>
    /// <param name="undecided">The policies that one leaves undecided; null where no policy was asked.</param>
    public static void Write(Utf8JsonWriter json, IEnumerable<Gap> gaps, Func<Gap, IEnumerable<string>>? undecided = null)
    {
        json.WriteStartArray("gaps");
        foreach (var gap in gaps)
        {
            json.WriteStartObject();
            json.WriteString("kind", gap.Kind);
            json.WriteString("reason", gap.Reason);
            json.WriteString("detail", gap.Detail);
            if (undecided is not null)
                JsonReport.WriteStrings(json, "policies", undecided(gap));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
