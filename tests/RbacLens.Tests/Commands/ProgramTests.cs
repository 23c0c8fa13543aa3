using RbacLens.Cli;
using RbacLens.Cli.Commands;

namespace RbacLens.Tests.Commands;

public class ProgramTests
{
    [Fact]
    public void Each_command_is_created_under_its_own_name() =>
        Assert.All(Program.Commands, command => Assert.Equal(command.Name, command.Create(Terminal.Real()).Name));
}
