using Robotics.Drivers.Ros2;
using Robotics.Tests.Shared;

namespace Robotics.Ros2.Tests;

public sealed class RecordGeneratorTests
{
    private static string Folder => Path.Combine(SharedData.RepositoryRoot, "src", "Drivers", "Ros2", "Generated");

    [Fact]
    public void Generate_EveryShippedType_EqualsTheFileInTheRepository()
    {
        bool rewrite = Environment.GetEnvironmentVariable("ROS2_REGENERATE") == "1";
        foreach (string name in InterfaceCatalog.ShippedMessages)
        {
            string path = Path.Combine(Folder, RecordGenerator.FileName(name));
            string text = RecordGenerator.Generate(InterfaceCatalog.Default, name);
            if (rewrite)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }
            Assert.True(File.Exists(path), $"{path} is missing: run with ROS2_REGENERATE=1");
            Assert.Equal(File.ReadAllText(path), text);
        }
        Assert.Equal(InterfaceCatalog.ShippedMessages.Count, Directory.GetFiles(Folder, "*.g.cs", SearchOption.AllDirectories).Length);
    }
}
