using System.CommandLine;
using RbacLens.Cli.Inputs;
using RbacLens.Rbac;

namespace RbacLens.Cli.Commands;

/// <summary>VERB RESOURCE [NAME], as questions take them.</summary>
sealed class RequestArguments
{
    // Without a help name, help would list all that completion offers in its place.
    readonly Argument<string> verb = new("VERB") { HelpName = "VERB", Description = "get, list, create, …; also those that no request carries: bind, escalate, impersonate." };
    readonly Argument<string> what = new("RESOURCE") { Description = "As kubectl spells it: pods, po, Deployment, deployments.apps/scale, nodes/proxy; or a URL: /metrics." };
    readonly Argument<string?> name = new("NAME") { Description = "One object; any, without it.", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> subresource = new("--subresource") { Description = "The subresource, where it is not written behind the resource.", HelpName = "NAME" };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isRequired">Whether the command can do nothing without them.</param>
    public RequestArguments(Command command, bool isRequired = true)
    {
        if (!isRequired)
            verb.Arity = what.Arity = ArgumentArity.ZeroOrOne;
        verb.CompletionSources.Add([.. RequestVerbs.OfResources, .. RequestVerbs.Synthetic]);
        command.Arguments.Add(verb);
        command.Arguments.Add(what);
        command.Arguments.Add(name);
        command.Options.Add(subresource);
    }

    /// <summary>The words of the command line; null where there are none.</summary>
    /// <exception cref="InputException">There is a verb and no resource.</exception>
    public RequestWords? Words(ParseResult parsed) => (parsed.GetValue(verb), parsed.GetValue(what)) switch
    {
        ({ } asked, { } about) => new(asked, about, parsed.GetValue(name), parsed.GetValue(subresource)),
        (null, null) => null,
        var (only, _) => throw new InputException($"{only} what? expected VERB RESOURCE, as in: get pods"),
    };
}
