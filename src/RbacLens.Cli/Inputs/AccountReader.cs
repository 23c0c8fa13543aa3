using System.Collections.Immutable;

namespace RbacLens.Cli.Inputs;

/// <summary>The Secrets that a ServiceAccount lists.</summary>
static class AccountReader
{
    /// <summary>Their names; where they are (there is no other place than the account's namespace) and what they hold is not read.</summary>
    public static ImmutableArray<string> Secrets(ref JsonCursor json)
    {
        if (!json.EntersArray("secrets"))
            return [];
        var names = ImmutableArray.CreateBuilder<string>();
        while (json.NextElement())
            if (json.EntersObject("secrets[]"))
                while (json.NextProperty())
                {
                    if (json.Is("name"u8) && json.Read())
                        names.Add(json.String("secrets[].name"));
                    else if (json.Read())
                        json.Skip();
                }

        return names.DrainToImmutable();
    }
}
