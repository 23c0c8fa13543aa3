using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

/// <summary>The sheet asks a role body only what concerns it, and answers as the API server would all the same.</summary>
public sealed class AnswerSheetTests
{
    static readonly Question[] Questions =
    [
        Ask("get list", "", "secrets"),
        Ask("create", "", "pods/exec"),
        Ask("create patch", "apps", "deployments daemonsets"),
        new(Names.Of("update"), "", Names.Of("configmaps"), Names.Of("coredns", "aws-auth"), Names.None, Question.Places.Namespace),
        new(Names.Of("get"), "", Names.None, Names.None, Names.Of("/debug/pprof"), Question.Places.Cluster),
        Ask("*", "*", "*"),
    ];

    // verbs | groups | resources | names | URLs -> number of the question: "*" for objects of any name, or the names it is limited to
    [Theory]
    [InlineData("get|''|secrets||", "0:*")]
    [InlineData("watch|''|secrets||", "")]
    [InlineData("get|''|secrets|b,a,b|", "0:a,b")]
    [InlineData("get|apps|secrets||", "")]
    [InlineData("list|''|secrets|*|", "")]                    // a name "*" is no wildcard
    [InlineData("create|''|pods/exec|web|", "1:web")]         // a subresource has a name in its path
    [InlineData("create|''|*/exec||", "1:*")]
    [InlineData("create|''|pods/*||", "")]
    [InlineData("create|''|pods||", "")]
    [InlineData("create|apps|daemonsets|web|", "")]           // no name is known when an object is created
    [InlineData("patch|apps|daemonsets|web|", "2:web")]
    [InlineData("*|apps|*||", "2:*")]
    [InlineData("update|''|configmaps|coredns|", "3:*")]      // one of the names that were asked about is enough
    [InlineData("update|''|configmaps|other|", "")]
    [InlineData("update|''|configmaps||", "3:*")]
    [InlineData("get||||/debug/*", "4:*")]
    [InlineData("get||||/metrics", "")]
    [InlineData("get|''|secrets||/debug/pprof", "0:*; 4:*")]
    [InlineData("*|*|*||", "0:*; 1:*; 2:*; 3:*; 5:*")]
    [InlineData("*|*|*|one|", "0:one; 1:one; 2:one; 5:one")]
    public void A_rule_answers_the_questions_it_concerns(string rule, string expected) => Assert.Equal(expected, Answers(Rule(rule)));

    [Fact]
    public void Rules_of_one_body_answer_together_and_say_which_they_are()
    {
        var body = RuleSet.Of(Rule("get|''|pods||"), Rule("get|''|secrets|a|"), Rule("list|''|secrets||"), Rule("get|''|secrets|b|"));
        var answer = Assert.Single(new AnswerSheet(Questions).AnswersOf(body));
        Assert.Equal([1, 2, 3], answer.Rules.ToArray());
        Assert.True(answer.ForAnyName);
        Assert.Equal(["a", "b"], answer.Names.ToArray());
    }

    [Fact]
    public void One_body_is_asked_once()
    {
        var sheet = new AnswerSheet(Questions);
        Assert.Same(sheet.AnswersOf(RuleSet.Of(Rule("get|''|secrets||"))), sheet.AnswersOf(RuleSet.Of(Rule("get|''|secrets||"))));
    }

    static string Answers(PolicyRule rule) => string.Join("; ", new AnswerSheet(Questions).AnswersOf(RuleSet.Of(rule))
        .Select(answer => $"{answer.Question}:{(answer.ForAnyName ? "*" : string.Join(',', answer.Names))}"));

    static Question Ask(string verbs, string group, string resources) =>
        new(Names.Of(verbs.Split(' ')), group, Names.Of(resources.Split(' ')), Names.None, Names.None, Question.Places.Namespace);

    static PolicyRule Rule(string text)
    {
        var fields = text.Split('|').Select(field => Names.Of(field.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('\'')))).ToArray();
        return new() { Verbs = fields[0], ApiGroups = fields[1], Resources = fields[2], ResourceNames = fields[3], NonResourceUrls = fields[4] };
    }
}
