using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Robotics.Core;

namespace Robotics.Cli.Teleop;

/// <summary>The self-made certificate of the teleoperation page. Browsers give gamepads to secure pages only; a phone is asked once to trust it.</summary>
internal static class TeleopCertificate
{
    private const int Years = 2; // 825 days and less is what Apple's browsers take

    /// <summary>The certificate in <paramref name="folder"/>, made there where it is missing or about to end.</summary>
    public static X509Certificate2 LoadOrCreate(string folder)
    {
        string path = Path.Combine(folder, "teleop-page.pfx");
        if (File.Exists(path))
        {
            X509Certificate2 known = X509CertificateLoader.LoadPkcs12FromFile(path, null);
            if (known.NotAfter.ToUniversalTime() > WallClock.UtcNow.UtcDateTime.AddDays(7))
                return known;
            known.Dispose();
        }
        Directory.CreateDirectory(folder);
        byte[] bytes = Make();
        using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            file.Write(bytes);
        return X509CertificateLoader.LoadPkcs12(bytes, null);
    }

    /// <summary>Addresses of this machine that a phone in the same network could reach, loopback last.</summary>
    public static IReadOnlyList<IPAddress> Addresses() =>
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address).Where(a => a.AddressFamily == AddressFamily.InterNetwork),
            IPAddress.Loopback,
        ];

    private static byte[] Make()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=robotics teleop", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Dns.GetHostName());
        foreach (IPAddress address in Addresses())
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // id-kp-serverAuth, RFC 5280
        DateTimeOffset now = WallClock.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(Years));
        return certificate.Export(X509ContentType.Pkcs12);
    }
}
