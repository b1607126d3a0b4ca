using Robotics.Configuration;
using Robotics.Learner.Td3;

namespace Robotics.Learner.Tests.Td3;

public sealed class Td3OptionsTests
{
    [Fact]
    public void Read_KindAlone_IsThePublishedRecipe()
    {
        ConfigDocument document = ConfigDocument.Parse("algorithm: { kind: td3 }");
        Td3Options options = Td3Options.Read(document.Root.Map("algorithm"), 300_001);
        document.ThrowIfBad();
        Assert.Equal(Td3Options.Published with { Hidden = options.Hidden }, options);
        Assert.Equal([64, 64], options.Hidden);
        Assert.Equal(1, options.RateFactor(300_001));
    }

    [Fact]
    public void Read_ConstantsSet_OverrideThePreset()
    {
        ConfigDocument document = ConfigDocument.Parse(
            "algorithm: { kind: td3, hidden: [32, 16], hidden_activation: relu, critic_every_steps: 5, critic_learning_rate: 0.01, rate_decay_from_steps: 500, final_rate_factor: 0.5 }"
        );
        Td3Options options = Td3Options.Read(document.Root.Map("algorithm"), 1000);
        document.ThrowIfBad();
        Assert.Equal([32, 16], options.Hidden);
        Assert.Equal(5, options.CriticEvery);
        Assert.Equal(0.01, options.Critic.LearningRate);
        Assert.Equal(1e-3, options.Actor.LearningRate);
        Assert.Equal(0.75, options.RateFactor(750), 1e-12);
    }

    [Fact]
    public void Read_UnknownKeyAndRange_AreListed()
    {
        ConfigDocument document = ConfigDocument.Parse("algorithm: { kind: td3, gama: 0.9, polyak: 2 }");
        Td3Options.Read(document.Root.Map("algorithm"), 1000);
        ConfigurationException e = Assert.Throws<ConfigurationException>(document.ThrowIfBad);
        Assert.Contains("polyak", e.Message, StringComparison.Ordinal);
        Assert.Contains("gama", e.Message, StringComparison.Ordinal);
    }
}
