using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Commands;

/// <summary>Answers access reviews offline, as the API server would.</summary>
static class CanICommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("can-i", "Answer access reviews as the API server would.");
        var input = new InputOptions(command);
        var batch = new Option<string>("--batch") { Description = "A file of lines {\"spec\": <SubjectAccessReviewSpec>}, - for standard input; one line {\"allowed\", \"reason\"} is written for each.", HelpName = "FILE", Required = true };
        command.Options.Add(batch);

        command.SetAction(async (parsed, cancellation) =>
        {
            var file = parsed.GetRequiredValue(batch);
            if (file == "-" && input.ReadsStandardInput(parsed))
                throw new InputException("--batch - and --from - both read standard input; give one of them a file");
            var snapshot = await input.CollectAsync(parsed, terminal, cancellation);
            var authorizer = new Authorizer(snapshot.Roles, snapshot.Bindings);
            try
            {
                await AccessReviews.AnswerAsync(authorizer, file, terminal, cancellation);
            }
            catch (IOException e)
            {
                throw new InputException($"standard output: cannot be written: {e.Message}", e);
            }

            return ExitCodes.Done;
        });
        return command.WithExamples("rbac-lens can-i --batch reviews.jsonl --from dump.json", "rbac-lens can-i --batch - < reviews.jsonl");
    }
}
