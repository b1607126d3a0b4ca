using System.Runtime.InteropServices;

namespace Robotics.Transport;

/// <summary>The functions of libzmq 4.3 that are used (zmq.h; numbers from its <c>#define</c>s).</summary>
internal static unsafe partial class Native
{
    private const string Library = "libzmq.so.5";

    public const int EAGAIN = 11, EINTR = 4, EADDRINUSE = 98, EHOSTUNREACH = 113, ETERM = 156384765;
    public const int DONTWAIT = 1, SNDMORE = 2, POLLIN = 1;
    public const int PAIR = 0, DEALER = 5, ROUTER = 6, PUSH = 8, PULL = 7;
    public const int LINGER = 17, RECONNECT_IVL = 18, RECONNECT_IVL_MAX = 21, MAXMSGSIZE = 22, SNDHWM = 23, RCVHWM = 24;
    public const int LAST_ENDPOINT = 32, ROUTER_MANDATORY = 33, IMMEDIATE = 39, CURVE_SERVER = 47, CURVE_PUBLICKEY = 48;
    public const int CURVE_SECRETKEY = 49, CURVE_SERVERKEY = 50, ZAP_DOMAIN = 55, HANDSHAKE_IVL = 66, ROUTER_HANDOVER = 56;
    public const int EVENT_CONNECTED = 0x1, EVENT_DISCONNECTED = 0x200, EVENT_HANDSHAKE_FAILED_NO_DETAIL = 0x800;
    public const int EVENT_HANDSHAKE_SUCCEEDED = 0x1000, EVENT_HANDSHAKE_FAILED_PROTOCOL = 0x2000, EVENT_HANDSHAKE_FAILED_AUTH = 0x4000;
    public const int MessageSize = 64;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollItem
    {
        public void* Socket;
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport(Library)] internal static partial void zmq_version(out int major, out int minor, out int patch);

    [LibraryImport(Library)] internal static partial int zmq_errno();

    [LibraryImport(Library)] internal static partial byte* zmq_strerror(int number);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int zmq_has(string capability);

    [LibraryImport(Library)] internal static partial void* zmq_ctx_new();

    [LibraryImport(Library)] internal static partial int zmq_ctx_term(void* context);

    [LibraryImport(Library)] internal static partial void* zmq_socket(void* context, int type);

    [LibraryImport(Library)] internal static partial int zmq_close(void* socket);

    [LibraryImport(Library)] internal static partial int zmq_setsockopt(void* socket, int option, void* value, nuint length);

    [LibraryImport(Library)] internal static partial int zmq_getsockopt(void* socket, int option, void* value, nuint* length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int zmq_bind(void* socket, string endpoint);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int zmq_connect(void* socket, string endpoint);

    [LibraryImport(Library)] internal static partial int zmq_send(void* socket, void* buffer, nuint length, int flags);

    [LibraryImport(Library)] internal static partial int zmq_poll(PollItem* items, int count, long timeoutMs);

    [LibraryImport(Library)] internal static partial int zmq_msg_init(void* message);

    [LibraryImport(Library)] internal static partial int zmq_msg_recv(void* message, void* socket, int flags);

    [LibraryImport(Library)] internal static partial int zmq_msg_close(void* message);

    [LibraryImport(Library)] internal static partial void* zmq_msg_data(void* message);

    [LibraryImport(Library)] internal static partial nuint zmq_msg_size(void* message);

    [LibraryImport(Library)] internal static partial int zmq_msg_more(void* message);

    [LibraryImport(Library)] internal static partial byte* zmq_msg_gets(void* message, byte* property);

    [LibraryImport(Library)] internal static partial int zmq_curve_keypair(byte* publicKey, byte* secretKey);

    [LibraryImport(Library)] internal static partial int zmq_curve_public(byte* publicKey, byte* secretKey);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int zmq_socket_monitor(void* socket, string endpoint, int events);
}
