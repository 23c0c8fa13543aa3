namespace RbacLens.Cli.Inputs;

/// <summary>What the user can cause: one line that names the place, what was found and what was expected. Ends with exit code 2.</summary>
public sealed class InputException : Exception
{
    public InputException(string message) : base(message) { }

    public InputException(string message, Exception inner) : base(message, inner) { }

    public InputException() { }
}
