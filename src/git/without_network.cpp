// The static program reads repositories on disk and talks to no server. These stand for the parts
// of libgit2's archive that would bring TLS, SSH and Kerberos along, the last of which Debian has
// no archive of. A libgit2 that wants more of them, or other ones, does not link.

#define ORDAIN_WITHOUT(name, result)                                                               \
    extern "C" int name();                                                                         \
    extern "C" int name() {                                                                        \
        return result;                                                                             \
    }

namespace {

constexpr int started = 0; // There is nothing to start.
constexpr int refused = -1;

} // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the names are libgit2's.
ORDAIN_WITHOUT(git_mbedtls_stream_global_init, started)
ORDAIN_WITHOUT(git_mbedtls_stream_new, refused)
ORDAIN_WITHOUT(git_mbedtls_stream_wrap, refused)
ORDAIN_WITHOUT(git_mbedtls__set_cert_location, refused)
ORDAIN_WITHOUT(git_transport_ssh_global_init, started)
ORDAIN_WITHOUT(git_transport_ssh_with_paths, refused)
ORDAIN_WITHOUT(git_smart_subtransport_ssh, refused)
ORDAIN_WITHOUT(git_http_auth_negotiate, refused)
// NOLINTEND(bugprone-reserved-identifier)
