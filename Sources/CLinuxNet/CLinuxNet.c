#define _GNU_SOURCE
#include "CLinuxNet.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/errqueue.h>
#include <linux/if.h>
#include <linux/net_tstamp.h>
#include <linux/sock_diag.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Static_assert(sizeof(struct clinuxnet_address) == 24, "mirrored by Swift as a flat value");
_Static_assert(sizeof(struct clinuxnet_received) == 32 + 2 * 24, "mirrored by Swift as a flat value");
_Static_assert(sizeof(struct clinuxnet_watch) == sizeof(struct pollfd), "handed to ppoll as it is");
_Static_assert(offsetof(struct clinuxnet_watch, fired) == offsetof(struct pollfd, revents), "the same layout");
_Static_assert(POLLIN == CLINUXNET_READABLE && POLLOUT == 4, "bits of clinuxnet_watch");
_Static_assert(CLINUXNET_NEWNET == CLONE_NEWNET && CLINUXNET_NEWUSER == CLONE_NEWUSER, "namespace flags");
_Static_assert(CLINUXNET_NEWNS == CLONE_NEWNS && CLINUXNET_NEWPID == CLONE_NEWPID, "namespace flags");

#define RESULT(call) ({ long clinuxnet_r = (long)(call); clinuxnet_r < 0 ? -errno : clinuxnet_r; })

// Addresses

static socklen_t to_sockaddr(const struct clinuxnet_address *from, struct sockaddr_storage *to) {
    if (from->family == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)to;
        memset(in, 0, sizeof *in);
        in->sin_family = AF_INET;
        in->sin_port = htons(from->port);
        in->sin_addr.s_addr = htonl((uint32_t)from->low);
        return sizeof *in;
    }
    if (from->family == 6) {
        struct sockaddr_in6 *in = (struct sockaddr_in6 *)to;
        memset(in, 0, sizeof *in);
        in->sin6_family = AF_INET6;
        in->sin6_port = htons(from->port);
        in->sin6_scope_id = from->scope;
        uint64_t high = htobe64(from->high), low = htobe64(from->low);
        memcpy(&in->sin6_addr.s6_addr[0], &high, 8);
        memcpy(&in->sin6_addr.s6_addr[8], &low, 8);
        return sizeof *in;
    }
    return 0;
}

static void from_in6(const struct in6_addr *from, struct clinuxnet_address *to) {
    uint64_t high, low;
    memcpy(&high, &from->s6_addr[0], 8);
    memcpy(&low, &from->s6_addr[8], 8);
    to->high = be64toh(high);
    to->low = be64toh(low);
    to->family = 6;
}

static void from_sockaddr(const struct sockaddr_storage *from, struct clinuxnet_address *to) {
    memset(to, 0, sizeof *to);
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)from;
        to->low = ntohl(in->sin_addr.s_addr);
        to->port = ntohs(in->sin_port);
        to->family = 4;
    } else if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)from;
        from_in6(&in->sin6_addr, to);
        to->scope = in->sin6_scope_id;
        to->port = ntohs(in->sin6_port);
    }
}

// Sockets

static int make_socket(int family, int type) {
    return (int)RESULT(socket(family == 6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int clinuxnet_udp_socket(int family) { return make_socket(family, SOCK_DGRAM); }
int clinuxnet_tcp_socket(int family) { return make_socket(family, SOCK_STREAM); }

int clinuxnet_bind(int fd, const struct clinuxnet_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = to_sockaddr(address, &storage);
    return (int)RESULT(bind(fd, (struct sockaddr *)&storage, length));
}

int clinuxnet_connect(int fd, const struct clinuxnet_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = to_sockaddr(address, &storage);
    return (int)RESULT(connect(fd, (struct sockaddr *)&storage, length));
}

int clinuxnet_listen(int fd, int backlog) { return (int)RESULT(listen(fd, backlog)); }

int clinuxnet_accept(int fd, struct clinuxnet_address *peer) {
    struct sockaddr_storage storage = {0};
    socklen_t length = sizeof storage;
    int accepted = (int)RESULT(accept4(fd, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    from_sockaddr(&storage, peer);
    return accepted;
}

int clinuxnet_local_address(int fd, struct clinuxnet_address *address) {
    struct sockaddr_storage storage = {0};
    socklen_t length = sizeof storage;
    int result = (int)RESULT(getsockname(fd, (struct sockaddr *)&storage, &length));
    from_sockaddr(&storage, address);
    return result;
}

int clinuxnet_peer_address(int fd, struct clinuxnet_address *address) {
    struct sockaddr_storage storage = {0};
    socklen_t length = sizeof storage;
    int result = (int)RESULT(getpeername(fd, (struct sockaddr *)&storage, &length));
    from_sockaddr(&storage, address);
    return result;
}

int clinuxnet_pending_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
    return error;
}

int clinuxnet_shutdown_write(int fd) { return (int)RESULT(shutdown(fd, SHUT_WR)); }
int clinuxnet_close(int fd) { return (int)RESULT(close(fd)); }
int clinuxnet_duplicate(int fd) { return (int)RESULT(fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

// Socket options

static int set_int(int fd, int level, int option, int value) {
    return (int)RESULT(setsockopt(fd, level, option, &value, sizeof value));
}

int clinuxnet_set_receive_buffer(int fd, int bytes) {
    // The FORCE form passes net.core.rmem_max with CAP_NET_ADMIN; without it the plain form is capped silently.
    if (set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes) == 0) return 0;
    return set_int(fd, SOL_SOCKET, SO_RCVBUF, bytes);
}

int clinuxnet_set_send_buffer(int fd, int bytes) {
    if (set_int(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes) == 0) return 0;
    return set_int(fd, SOL_SOCKET, SO_SNDBUF, bytes);
}

int clinuxnet_receive_buffer(int fd) {
    int bytes = 0;
    socklen_t length = sizeof bytes;
    if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &length) < 0) return -errno;
    return bytes;
}

int clinuxnet_set_reuse_address(int fd) { return set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1); }
int clinuxnet_set_reuse_port(int fd) { return set_int(fd, SOL_SOCKET, SO_REUSEPORT, 1); }

int clinuxnet_set_free_bind(int fd, int family) {
    return family == 6 ? set_int(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1) : set_int(fd, IPPROTO_IP, IP_FREEBIND, 1);
}

int clinuxnet_set_v6_only(int fd, int on) { return set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, on); }
int clinuxnet_set_timestamps(int fd) { return set_int(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1); }
int clinuxnet_set_drop_counter(int fd) { return set_int(fd, SOL_SOCKET, SO_RXQ_OVFL, 1); }

int clinuxnet_set_packet_info(int fd, int family) {
    return family == 6 ? set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) : set_int(fd, IPPROTO_IP, IP_PKTINFO, 1);
}

int clinuxnet_set_no_delay(int fd, int on) { return set_int(fd, IPPROTO_TCP, TCP_NODELAY, on); }
int clinuxnet_set_linger_zero(int fd) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    return (int)RESULT(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}

int clinuxnet_set_device(int fd, const char *interface) {
    return (int)RESULT(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)));
}

int clinuxnet_set_sampled_timestamps(int fd) {
    return set_int(fd, SOL_SOCKET, SO_TIMESTAMPING,
        SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID
            | SOF_TIMESTAMPING_OPT_TSONLY);
}

int clinuxnet_set_error_queue(int fd, int family) {
    return family == 6 ? set_int(fd, IPPROTO_IPV6, IPV6_RECVERR, 1) : set_int(fd, IPPROTO_IP, IP_RECVERR, 1);
}

int clinuxnet_set_path_mtu_probe(int fd, int family) {
    return family == 6 ? set_int(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE)
                       : set_int(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
}

int clinuxnet_set_bind_address_only(int fd) { return set_int(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1); }

int64_t clinuxnet_dropped(int fd) {
    uint32_t values[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof values;
    if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, values, &length) < 0) return -errno;
    return values[SK_MEMINFO_DROPS];
}

// Control messages

enum { CONTROL_BYTES = 192 };
_Static_assert(
    CMSG_SPACE(3 * sizeof(struct timespec)) + CMSG_SPACE(sizeof(uint32_t)) + CMSG_SPACE(sizeof(struct in6_pktinfo))
        <= CONTROL_BYTES, "a control buffer holds every message that can be asked for");

static void parse_control(struct msghdr *header, struct clinuxnet_received *record) {
    record->realtime_ns = 0;
    record->has_overflow = 0;
    record->interface = 0;
    record->local.family = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            record->realtime_ns = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING) {
            struct timespec stamp; // the first of three: software
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            record->realtime_ns = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            memcpy(&record->overflow, CMSG_DATA(c), sizeof record->overflow);
            record->has_overflow = 1;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            record->interface = (uint32_t)info.ipi_ifindex;
            record->local = (struct clinuxnet_address){.low = ntohl(info.ipi_addr.s_addr), .family = 4};
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            record->interface = (uint32_t)info.ipi6_ifindex;
            memset(&record->local, 0, sizeof record->local);
            from_in6(&info.ipi6_addr, &record->local);
        }
    }
}

// Single transfers

ssize_t clinuxnet_send(int fd, const void *bytes, size_t count, const struct clinuxnet_address *to) {
    if (to == NULL || to->family == 0) return RESULT(send(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT));
    struct sockaddr_storage storage;
    socklen_t length = to_sockaddr(to, &storage);
    return RESULT(sendto(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&storage, length));
}

ssize_t clinuxnet_send_from(
    int fd, const void *bytes, size_t count, const struct clinuxnet_address *to, const struct clinuxnet_address *local) {
    struct sockaddr_storage storage;
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
    _Alignas(struct cmsghdr) uint8_t control[CONTROL_BYTES] = {0};
    struct msghdr header = {.msg_name = &storage, .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control};
    header.msg_namelen = to_sockaddr(to, &storage);
    struct cmsghdr *c = (struct cmsghdr *)control;
    if (local->family == 4) {
        struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl((uint32_t)local->low)};
        c->cmsg_level = IPPROTO_IP;
        c->cmsg_type = IP_PKTINFO;
        c->cmsg_len = CMSG_LEN(sizeof info);
        memcpy(CMSG_DATA(c), &info, sizeof info);
        header.msg_controllen = CMSG_SPACE(sizeof info);
    } else if (local->family == 6) {
        struct in6_pktinfo info = {.ipi6_ifindex = local->scope};
        uint64_t high = htobe64(local->high), low = htobe64(local->low);
        memcpy(&info.ipi6_addr.s6_addr[0], &high, 8);
        memcpy(&info.ipi6_addr.s6_addr[8], &low, 8);
        c->cmsg_level = IPPROTO_IPV6;
        c->cmsg_type = IPV6_PKTINFO;
        c->cmsg_len = CMSG_LEN(sizeof info);
        memcpy(CMSG_DATA(c), &info, sizeof info);
        header.msg_controllen = CMSG_SPACE(sizeof info);
    }
    return RESULT(sendmsg(fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT));
}

ssize_t clinuxnet_receive(int fd, void *bytes, size_t count, struct clinuxnet_received *record) {
    struct sockaddr_storage storage = {0};
    struct iovec vector = {.iov_base = bytes, .iov_len = count};
    _Alignas(struct cmsghdr) uint8_t control[CONTROL_BYTES];
    struct msghdr header = {
        .msg_name = &storage, .msg_namelen = sizeof storage, .msg_iov = &vector, .msg_iovlen = 1,
        .msg_control = control, .msg_controllen = sizeof control};
    memset(record, 0, sizeof *record);
    ssize_t result = RESULT(recvmsg(fd, &header, MSG_DONTWAIT));
    if (result < 0) return result;
    record->length = (uint32_t)result;
    record->truncated = (header.msg_flags & MSG_TRUNC) != 0;
    from_sockaddr(&storage, &record->source);
    parse_control(&header, record);
    return result;
}

ssize_t clinuxnet_send_segments(int fd, const void *bytes, size_t count, uint16_t segment) {
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof segment)] = {0};
    struct msghdr header = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = IPPROTO_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof segment);
    memcpy(CMSG_DATA(c), &segment, sizeof segment);
    return RESULT(sendmsg(fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT));
}

int clinuxnet_take_error(int fd, struct clinuxnet_error *error) {
    uint8_t payload[64]; // an ICMP error brings a part of the datagram that caused it; nobody asks for it
    struct iovec vector = {.iov_base = payload, .iov_len = sizeof payload};
    _Alignas(struct cmsghdr) uint8_t control[512];
    struct msghdr header = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    memset(error, 0, sizeof *error);
    ssize_t result = RESULT(recvmsg(fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT));
    if (result == -EAGAIN) return 0;
    if (result < 0) return (int)result;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c != NULL; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            error->realtime_ns = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        } else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR)
            || (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
            struct sock_extended_err detail;
            memcpy(&detail, CMSG_DATA(c), sizeof detail);
            error->origin = detail.ee_origin == SO_EE_ORIGIN_TIMESTAMPING ? 0 : detail.ee_origin;
            error->key = detail.ee_data;
            error->error = detail.ee_errno;
            error->type = detail.ee_type;
            error->code = detail.ee_code;
        }
    }
    return 1;
}

ssize_t clinuxnet_stream_receive(int fd, void *bytes, size_t count) {
    return RESULT(recv(fd, bytes, count, MSG_DONTWAIT));
}

ssize_t clinuxnet_stream_receive_stamped(int fd, void *bytes, size_t count, int64_t *realtime_ns) {
    struct iovec vector = {.iov_base = bytes, .iov_len = count};
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct timespec))];
    struct msghdr header = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    *realtime_ns = 0;
    ssize_t result = RESULT(recvmsg(fd, &header, MSG_DONTWAIT));
    if (result <= 0) return result;
    struct cmsghdr *c = CMSG_FIRSTHDR(&header);
    if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
        *realtime_ns = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
    }
    return result;
}

ssize_t clinuxnet_read(int fd, void *bytes, size_t count) { return RESULT(read(fd, bytes, count)); }
ssize_t clinuxnet_write(int fd, const void *bytes, size_t count) { return RESULT(write(fd, bytes, count)); }

// Batches

static void reset_header(struct clinuxnet_ring *ring, uint32_t slot) {
    struct msghdr *header = &((struct mmsghdr *)ring->headers)[slot].msg_hdr;
    header->msg_iov->iov_len = ring->slot_bytes;
    header->msg_name = ring->want_source ? (void *)&((struct sockaddr_storage *)ring->names)[slot] : NULL;
    header->msg_namelen = ring->want_source ? sizeof(struct sockaddr_storage) : 0;
    header->msg_controllen = CONTROL_BYTES;
    header->msg_flags = 0;
}

struct clinuxnet_ring *clinuxnet_ring_create(uint32_t slots, uint32_t slot_bytes, int want_source) {
    struct clinuxnet_ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL) return NULL;
    ring->slots = slots;
    ring->slot_bytes = slot_bytes;
    ring->want_source = want_source != 0;
    size_t slab_bytes = ((size_t)slots * slot_bytes + 4095) & ~(size_t)4095;
    ring->slab = aligned_alloc(4096, slab_bytes);
    ring->lengths = calloc(slots, sizeof *ring->lengths);
    ring->peers = calloc(slots, sizeof *ring->peers);
    ring->stamp = calloc(slots, sizeof *ring->stamp);
    ring->records = calloc(slots, sizeof *ring->records);
    ring->headers = calloc(slots, sizeof(struct mmsghdr));
    ring->vectors = calloc(slots, sizeof(struct iovec));
    ring->names = calloc(slots, sizeof(struct sockaddr_storage));
    ring->controls = aligned_alloc(64, (size_t)slots * CONTROL_BYTES);
    if (!ring->slab || !ring->lengths || !ring->peers || !ring->stamp || !ring->records || !ring->headers || !ring->vectors
        || !ring->names || !ring->controls) {
        clinuxnet_ring_destroy(ring);
        return NULL;
    }
    memset(ring->slab, 0, slab_bytes);
    memset(ring->controls, 0, (size_t)slots * CONTROL_BYTES);
    for (uint32_t i = 0; i < slots; i++) {
        struct iovec *vector = &((struct iovec *)ring->vectors)[i];
        vector->iov_base = ring->slab + (size_t)i * slot_bytes;
        struct msghdr *header = &((struct mmsghdr *)ring->headers)[i].msg_hdr;
        header->msg_iov = vector;
        header->msg_iovlen = 1;
        header->msg_control = ring->controls + (size_t)i * CONTROL_BYTES;
        reset_header(ring, i);
    }
    return ring;
}

void clinuxnet_ring_destroy(struct clinuxnet_ring *ring) {
    if (ring == NULL) return;
    free(ring->slab);
    free(ring->lengths);
    free(ring->peers);
    free(ring->stamp);
    free(ring->records);
    free(ring->headers);
    free(ring->vectors);
    free(ring->names);
    free(ring->controls);
    free(ring);
}

static void ask_for_stamp(struct msghdr *header) {
    uint32_t flags = SOF_TIMESTAMPING_TX_SOFTWARE;
    header->msg_controllen = CMSG_SPACE(sizeof flags);
    struct cmsghdr *c = CMSG_FIRSTHDR(header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SO_TIMESTAMPING;
    c->cmsg_len = CMSG_LEN(sizeof flags);
    memcpy(CMSG_DATA(c), &flags, sizeof flags);
}

int clinuxnet_ring_send(struct clinuxnet_ring *ring, int fd, uint32_t first, uint32_t count) {
    struct mmsghdr *headers = (struct mmsghdr *)ring->headers;
    struct iovec *vectors = (struct iovec *)ring->vectors;
    struct sockaddr_storage *names = (struct sockaddr_storage *)ring->names;
    for (uint32_t i = first; i < first + count; i++) {
        vectors[i].iov_len = ring->lengths[i];
        headers[i].msg_hdr.msg_controllen = 0;
        if (ring->stamp[i]) ask_for_stamp(&headers[i].msg_hdr);
        if (ring->peers[i].family != 0) {
            headers[i].msg_hdr.msg_name = &names[i];
            headers[i].msg_hdr.msg_namelen = to_sockaddr(&ring->peers[i], &names[i]);
        } else {
            headers[i].msg_hdr.msg_namelen = 0;
        }
    }
    int sent = (int)RESULT(sendmmsg(fd, headers + first, count, MSG_NOSIGNAL | MSG_DONTWAIT));
    for (uint32_t i = first; i < first + count; i++) reset_header(ring, i); // ready to receive again
    for (int i = 0; i < sent; i++) ring->stamp[first + (uint32_t)i] = 0;
    return sent;
}

int clinuxnet_ring_receive(struct clinuxnet_ring *ring, int fd, uint32_t max) {
    struct mmsghdr *headers = (struct mmsghdr *)ring->headers;
    struct sockaddr_storage *names = (struct sockaddr_storage *)ring->names;
    int got = (int)RESULT(recvmmsg(fd, headers, max, MSG_DONTWAIT, NULL));
    for (int i = 0; i < got; i++) {
        struct clinuxnet_received *record = &ring->records[i];
        record->length = headers[i].msg_len;
        record->truncated = (headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
        if (ring->want_source) from_sockaddr(&names[i], &record->source);
        parse_control(&headers[i].msg_hdr, record);
        reset_header(ring, (uint32_t)i);
    }
    return got;
}

// Readiness

static void to_timespec(int64_t ns, struct timespec *out) {
    out->tv_sec = ns / 1000000000;
    out->tv_nsec = ns % 1000000000;
}

int clinuxnet_poll(int fd, int events, int64_t timeout_ns) {
    struct pollfd entry = {.fd = fd};
    if (events & CLINUXNET_READABLE) entry.events |= POLLIN;
    if (events & CLINUXNET_WRITABLE) entry.events |= POLLOUT;
    struct timespec timeout;
    if (timeout_ns >= 0) to_timespec(timeout_ns, &timeout);
    int result = (int)RESULT(ppoll(&entry, 1, timeout_ns < 0 ? NULL : &timeout, NULL));
    if (result <= 0) return result;
    return ((entry.revents & (POLLIN | POLLHUP | POLLRDHUP)) ? CLINUXNET_READABLE : 0)
        | ((entry.revents & POLLOUT) ? CLINUXNET_WRITABLE : 0)
        | ((entry.revents & (POLLERR | POLLNVAL)) ? CLINUXNET_FAILED : 0);
}

int clinuxnet_poll_many(struct clinuxnet_watch *watches, int count, int64_t timeout_ns) {
    struct timespec timeout;
    if (timeout_ns >= 0) to_timespec(timeout_ns, &timeout);
    return (int)RESULT(ppoll((struct pollfd *)watches, (nfds_t)count, timeout_ns < 0 ? NULL : &timeout, NULL));
}

int clinuxnet_epoll_create(void) { return (int)RESULT(epoll_create1(EPOLL_CLOEXEC)); }

static int epoll_change(int epoll, int operation, int fd, int events, uint64_t token) {
    struct epoll_event event = {.data.u64 = token};
    if (events & CLINUXNET_READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
    if (events & CLINUXNET_WRITABLE) event.events |= EPOLLOUT;
    return (int)RESULT(epoll_ctl(epoll, operation, fd, &event));
}

int clinuxnet_epoll_add(int epoll, int fd, int events, uint64_t token) {
    return epoll_change(epoll, EPOLL_CTL_ADD, fd, events, token);
}

int clinuxnet_epoll_modify(int epoll, int fd, int events, uint64_t token) {
    return epoll_change(epoll, EPOLL_CTL_MOD, fd, events, token);
}

int clinuxnet_epoll_remove(int epoll, int fd) { return epoll_change(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int clinuxnet_epoll_wait(int epoll, struct clinuxnet_event *events, int max, int64_t timeout_ns) {
    enum { BATCH = 64 };
    struct epoll_event ready[BATCH];
    struct timespec timeout;
    if (timeout_ns >= 0) to_timespec(timeout_ns, &timeout);
    int limit = max < BATCH ? max : BATCH;
    int count = (int)RESULT(epoll_pwait2(epoll, ready, limit, timeout_ns < 0 ? NULL : &timeout, NULL));
    if (count == -ENOSYS) {
        int milliseconds = timeout_ns < 0 ? -1 : (int)((timeout_ns + 999999) / 1000000);
        count = (int)RESULT(epoll_wait(epoll, ready, limit, milliseconds));
    }
    for (int i = 0; i < count; i++) {
        events[i].token = ready[i].data.u64;
        events[i].readable = (ready[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) != 0;
        events[i].writable = (ready[i].events & EPOLLOUT) != 0;
        events[i].failed = (ready[i].events & (EPOLLERR | EPOLLHUP)) != 0;
    }
    return count;
}

int clinuxnet_eventfd(void) { return (int)RESULT(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

// Clocks

static int64_t read_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clinuxnet_monotonic_ns(void) { return read_clock(CLOCK_MONOTONIC); }
int64_t clinuxnet_realtime_ns(void) { return read_clock(CLOCK_REALTIME); }
int64_t clinuxnet_thread_cpu_ns(void) { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

void clinuxnet_clock_offset(int64_t *offset_ns, int64_t *spread_ns) {
    int64_t before = read_clock(CLOCK_MONOTONIC);
    int64_t real = read_clock(CLOCK_REALTIME);
    int64_t after = read_clock(CLOCK_MONOTONIC);
    *spread_ns = after - before;
    *offset_ns = real - (before + (after - before) / 2);
}

int clinuxnet_sleep_until(int64_t monotonic_ns) {
    struct timespec until;
    to_timespec(monotonic_ns < 0 ? 0 : monotonic_ns, &until);
    return -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

// Namespaces

int clinuxnet_open_read_only(const char *path) { return (int)RESULT(open(path, O_RDONLY | O_CLOEXEC)); }
int clinuxnet_setns(int fd, int type) { return (int)RESULT(setns(fd, type)); }
int clinuxnet_unshare(int flags) { return (int)RESULT(unshare(flags)); }

int clinuxnet_interface_up(const char *name) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    int fd = make_socket(4, SOCK_DGRAM);
    if (fd < 0) return fd;
    int result = (int)RESULT(ioctl(fd, SIOCGIFFLAGS, &request));
    if (result >= 0) {
        request.ifr_flags |= IFF_UP;
        result = (int)RESULT(ioctl(fd, SIOCSIFFLAGS, &request));
    }
    close(fd);
    return result;
}

int clinuxnet_same_file(int a, int b) {
    struct stat first, second;
    if (fstat(a, &first) < 0 || fstat(b, &second) < 0) return -errno;
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

// Threads and processes

void clinuxnet_set_thread_name(const char *name) {
    char cut[16] = {0};
    strncpy(cut, name, sizeof cut - 1);
    pthread_setname_np(pthread_self(), cut);
}

int clinuxnet_pin(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    return (int)RESULT(sched_setaffinity(0, sizeof set, &set));
}

int clinuxnet_allowed_cpus(int *cpus, int max) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return -errno;
    int count = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE && count < max; cpu++)
        if (CPU_ISSET((size_t)cpu, &set)) cpus[count++] = cpu;
    return count;
}

int clinuxnet_set_parent_death_signal(int signal) { return (int)RESULT(prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)); }

int clinuxnet_process_usage(int64_t *cpu_ns, int64_t *peak_rss_bytes) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) < 0) return -errno;
    *cpu_ns = ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000
        + ((int64_t)usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
    *peak_rss_bytes = (int64_t)usage.ru_maxrss * 1024;
    return 0;
}

int clinuxnet_set_real_time(void) {
    struct sched_param parameters = {.sched_priority = 1};
    return (int)RESULT(sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters));
}

int clinuxnet_set_time_slice(uint64_t nanoseconds) {
    // struct sched_attr, version 0; glibc declares it only since 2.41.
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {.size = 48, .policy = SCHED_OTHER, .runtime = nanoseconds};
    _Static_assert(sizeof attributes == 48, "SCHED_ATTR_SIZE_VER0");
    return (int)RESULT(syscall(SYS_sched_setattr, 0, &attributes, 0));
}

uint64_t clinuxnet_heap_in_use(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

int clinuxnet_set_timer_slack(unsigned long nanoseconds) {
    return (int)RESULT(prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0));
}

// Capabilities

int clinuxnet_capabilities(uint64_t *effective, uint64_t *permitted) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{0}};
    if (syscall(SYS_capget, &header, data) < 0) return -errno;
    *effective = data[0].effective | (uint64_t)data[1].effective << 32;
    *permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    return 0;
}

int clinuxnet_set_capabilities(uint64_t effective, uint64_t permitted) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.effective = (uint32_t)effective, .permitted = (uint32_t)permitted},
        {.effective = (uint32_t)(effective >> 32), .permitted = (uint32_t)(permitted >> 32)}};
    return (int)RESULT(syscall(SYS_capset, &header, data));
}

int clinuxnet_drop_bounding(uint64_t keep) {
    for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
        if (keep & ((uint64_t)1 << capability)) continue;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EINVAL) return -errno;
    }
    return 0;
}

int clinuxnet_set_no_new_privileges(void) { return (int)RESULT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }

int clinuxnet_set_identity(uint32_t user, uint32_t group) {
    if (setgroups(0, NULL) < 0) return -errno;
    if (setresgid(group, group, group) < 0) return -errno;
    return (int)RESULT(setresuid(user, user, user));
}

// Signals

static volatile sig_atomic_t signal_fd = -1;

static void forward_signal(int signal) {
    int saved = errno;
    uint8_t number = (uint8_t)signal;
    if (write(signal_fd, &number, 1) < 0) {} // a full pipe already holds signals that nobody has read
    errno = saved;
}

int clinuxnet_route_signal(int signal, int fd) {
    signal_fd = fd;
    struct sigaction action = {.sa_handler = forward_signal, .sa_flags = SA_RESTART};
    return (int)RESULT(sigaction(signal, &action, NULL));
}

int clinuxnet_ignore_signal(int signal) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    return (int)RESULT(sigaction(signal, &action, NULL));
}

int clinuxnet_pipe(int *reader, int *writer) {
    int ends[2];
    int result = (int)RESULT(pipe2(ends, O_CLOEXEC));
    if (result == 0) {
        *reader = ends[0];
        *writer = ends[1];
    }
    return result;
}
