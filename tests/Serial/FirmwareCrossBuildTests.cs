using System.Diagnostics;
using System.Globalization;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

/// <summary>hardware/firmware built for two microcontrollers by the GNU Arm toolchain, which knows no operating system.</summary>
public sealed class FirmwareCrossBuildTests : IDisposable
{
    private const int FlashBudget = 4096; // the smallest parts of either family have 16 KiB: a quarter for the guard, the rest for its host
    private const int RamBudget = 1024;
    private const int StackBudget = 640; // of one function
    private readonly string _folder = Directory.CreateTempSubdirectory("r1-cross").FullName;
    private readonly string _source = Path.Combine(SharedData.RepositoryRoot, "hardware", "firmware");

    [Theory]
    [InlineData("-mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard")]
    [InlineData("-mcpu=cortex-m0plus")]
    public void Firmware_ForAMicrocontroller_CompilesCleanFitsAndNeedsNoSystem(string processor)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/arm-none-eabi-gcc") && Directory.Exists("/usr/lib/arm-none-eabi/newlib"), "needs gcc-arm-none-eabi and libnewlib-arm-none-eabi to build hardware/firmware for a microcontroller");
        string common = $"-std=c99 -mthumb {processor} -Wall -Wextra -Werror -Os";
        string r1 = Path.Combine(_folder, "r1.o");
        Tool("gcc", $"{common} -ffreestanding -fstack-usage -c {_source}/r1_firmware.c -o {r1}");
        int[] size = Sections(r1);
        int ram = RamOf(common);
        int stack = File.ReadAllLines(Path.Combine(_folder, "r1.su")).Max(l => int.Parse(l.Split('\t')[1], CultureInfo.InvariantCulture));
        int[] image = Sections(Link(common));
        TestContext.Current.TestOutputHelper?.WriteLine($"{processor}: firmware {size[0]} bytes of flash, {size[1]} of data, struct r1 {ram} bytes, largest stack frame {stack}; image with start-up code {image[0] + image[1]} bytes of flash");
        Assert.InRange(size[0], 500, FlashBudget);
        Assert.Equal((0, 0), (size[1], size[2])); // no state of its own: all of it is in the caller's struct
        Assert.InRange(ram, 300, RamBudget);
        Assert.InRange(stack, 100, StackBudget);
        // __aeabi_* and __gnu_*: the compiler's own arithmetic, libgcc.
        string[] outside = [.. Tool("nm", $"-u {r1}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().Split(' ')[^1])];
        Assert.All(outside, name => Assert.True(name is "memcpy" or "memset" || name.StartsWith("__", StringComparison.Ordinal), $"the firmware calls {name}"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What a board's main does, without its registers: the whole image must link.
    private string Link(string common)
    {
        string main = Path.Combine(_folder, "main.c");
        File.WriteAllText(main, """
            #include "r1_firmware.h"
            static struct r1 firmware;
            static volatile uint32_t timer_us;
            static volatile uint8_t uart;
            static void send(void *context, const uint8_t *bytes, uint16_t length) { (void)context; while (length--) uart = *bytes++; }
            int main(void) {
                static const struct r1_limit limits[2] = { { -1.0f, 1.0f, 10.0f, 0.0f }, { 0.0f, 1.0f, 5.0f, 0.0f } };
                r1_init(&firmware, limits, 2, R1_RAMP_TO_SAFE, timer_us, send, 0);
                for (;;) { uint8_t byte = uart; r1_receive(&firmware, &byte, 1, timer_us); r1_tick(&firmware, timer_us); }
            }
            """);
        string image = Path.Combine(_folder, "image.elf");
        Tool("gcc", $"{common} -I{_source} --specs=nosys.specs -Wl,--gc-sections {main} {_source}/r1_firmware.c -o {image}");
        return image;
    }

    private int RamOf(string common)
    {
        string file = Path.Combine(_folder, "ram.c");
        File.WriteAllText(file, "#include \"r1_firmware.h\"\nstruct r1 firmware;\n");
        Tool("gcc", $"{common} -I{_source} -c {file} -o {_folder}/ram.o");
        return Sections(Path.Combine(_folder, "ram.o"))[2];
    }

    // text, data, bss: the second line of size -B.
    private int[] Sections(string file) =>
        [.. Tool("size", $"-B {file}").Split('\n')[1].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Take(3).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    private string Tool(string name, string arguments)
    {
        var start = new ProcessStartInfo($"/usr/bin/arm-none-eabi-{name}", arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _folder };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return output;
    }
}
