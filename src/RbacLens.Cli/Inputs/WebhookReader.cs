using System.Collections.Immutable;

namespace RbacLens.Cli.Inputs;

/// <summary>The webhooks of a MutatingWebhookConfiguration or ValidatingWebhookConfiguration.</summary>
static class WebhookReader
{
    /// <summary>The names of the webhooks that are passed over when they cannot be reached; the default policy is to fail.</summary>
    public static ImmutableArray<string> FailingOpen(ref JsonCursor json)
    {
        if (!json.EntersArray("webhooks"))
            return [];
        var names = new List<string>();
        while (json.NextElement())
            if (json.EntersObject("webhooks[]"))
            {
                var (name, policy) = ("", "");
                while (json.NextProperty())
                {
                    if (json.Is("name"u8) && json.Read())
                        name = json.String("webhooks[].name");
                    else if (json.Is("failurePolicy"u8) && json.Read())
                        policy = json.String("webhooks[].failurePolicy");
                    else if (json.Read())
                        json.Skip();
                }

                if (policy == "Ignore")
                    names.Add(name);
            }

        return [.. names];
    }
}
