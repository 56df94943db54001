// Linux calls and macros that Swift's Glibc module cannot see: GNU-only functions (hidden without _GNU_SOURCE),
// variadic calls, and the CMSG_* macros. There is no policy here. Each function makes one call, or fills plain
// structs from what the kernel returned. A shim may go when the Glibc module exports the call itself.
//
// Every function that can fail returns a non-negative value or the negated errno.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// An IPv4 or IPv6 socket address without sockaddr's layouts. `family` is 4, 6, or 0 when absent.
struct clinuxnet_address {
    uint64_t high;  // first eight octets of an IPv6 address, host order
    uint64_t low;   // last eight octets of an IPv6 address, or the IPv4 address, host order
    uint32_t scope; // IPv6 scope id (interface index)
    uint16_t port;  // host order
    uint16_t family;
};

/// What the kernel said of one received datagram.
struct clinuxnet_received {
    int64_t realtime_ns;            // SCM_TIMESTAMPNS, CLOCK_REALTIME; 0 when absent
    uint32_t length;                // octets in the slot (at most the slot's size)
    uint32_t truncated;             // 1 when the datagram was longer than the slot
    uint32_t overflow;              // SO_RXQ_OVFL: datagrams dropped on this socket since it was made
    uint32_t has_overflow;          // 1 when `overflow` was delivered
    uint32_t interface;             // IP_PKTINFO / IPV6_PKTINFO interface index; 0 when absent
    uint32_t reserved;
    struct clinuxnet_address source;
    struct clinuxnet_address local; // IP_PKTINFO / IPV6_PKTINFO destination address; family 0 when absent
};

/// A ring of datagram slots with message headers, vectors and control buffers wired once.
struct clinuxnet_ring {
    uint8_t *slab;                      // slots * slot_bytes octets, page aligned
    uint32_t *lengths;                  // per slot: octets to send
    struct clinuxnet_address *peers;    // per slot: destination to send to (family 0: the connected peer)
    struct clinuxnet_received *records; // per slot: filled by clinuxnet_ring_receive
    uint32_t slots;
    uint32_t slot_bytes;
    void *headers;                      // struct mmsghdr[slots]
    void *vectors;                      // struct iovec[slots]
    void *names;                        // struct sockaddr_storage[slots]
    uint8_t *controls;                  // slots * CONTROL octets
    uint32_t want_source;               // 1: fill records[].source
    uint8_t *stamp;                     // per slot: 1 asks for a transmit stamp of the next send; cleared by it
};

/// One entry of a socket's error queue.
struct clinuxnet_error {
    int64_t realtime_ns; // a transmit stamp, CLOCK_REALTIME; 0 for an ICMP or local error
    uint32_t key;        // of a transmit stamp: how many stamped datagrams the socket had sent before
    uint32_t error;      // errno of an ICMP or local error
    uint8_t origin;      // 0 transmit stamp, 1 local, 2 ICMP, 3 ICMPv6
    uint8_t type;        // ICMP type
    uint8_t code;        // ICMP code
    uint8_t reserved;
};

/// One descriptor of clinuxnet_poll_many: struct pollfd by another name.
struct clinuxnet_watch {
    int fd;
    short events;
    short fired;
};

/// One readiness event.
struct clinuxnet_event {
    uint64_t token;
    uint32_t readable;
    uint32_t writable;
    uint32_t failed;
    uint32_t reserved;
};

enum { CLINUXNET_READABLE = 1, CLINUXNET_WRITABLE = 2, CLINUXNET_FAILED = 4 };

enum {
    CLINUXNET_NEWNET = 0x40000000,  // CLONE_NEWNET
    CLINUXNET_NEWUSER = 0x10000000, // CLONE_NEWUSER
    CLINUXNET_NEWNS = 0x00020000,   // CLONE_NEWNS
    CLINUXNET_NEWPID = 0x20000000,  // CLONE_NEWPID
};

// Sockets: always non-blocking and close-on-exec.
int clinuxnet_udp_socket(int family);
int clinuxnet_tcp_socket(int family);
int clinuxnet_bind(int fd, const struct clinuxnet_address *address);
int clinuxnet_connect(int fd, const struct clinuxnet_address *address);
int clinuxnet_listen(int fd, int backlog);
int clinuxnet_accept(int fd, struct clinuxnet_address *peer);
int clinuxnet_local_address(int fd, struct clinuxnet_address *address);
int clinuxnet_peer_address(int fd, struct clinuxnet_address *address);
int clinuxnet_pending_error(int fd);
int clinuxnet_shutdown_write(int fd);
int clinuxnet_close(int fd);
int clinuxnet_duplicate(int fd);

// Socket options, one function each.
int clinuxnet_set_receive_buffer(int fd, int bytes);
int clinuxnet_set_send_buffer(int fd, int bytes);
int clinuxnet_receive_buffer(int fd);
int clinuxnet_set_reuse_address(int fd);
int clinuxnet_set_reuse_port(int fd);
int clinuxnet_set_free_bind(int fd, int family);
int clinuxnet_set_v6_only(int fd, int on);
int clinuxnet_set_timestamps(int fd);
int clinuxnet_set_drop_counter(int fd);
int clinuxnet_set_packet_info(int fd, int family);
int clinuxnet_set_no_delay(int fd, int on);
// Segments with data that a TCP socket has received (TCP_INFO, tcpi_data_segs_in, Linux 4.6).
int64_t clinuxnet_data_segments_in(int fd);
int clinuxnet_set_linger_zero(int fd);
int clinuxnet_set_device(int fd, const char *interface);
/// Receive stamps on every datagram, transmit stamps on those that a slot's `stamp` asks for (SO_TIMESTAMPING).
int clinuxnet_set_sampled_timestamps(int fd);
/// Queues ICMP and local errors with their details (IP_RECVERR, IPV6_RECVERR).
int clinuxnet_set_error_queue(int fd, int family);
/// Sends with DF set and asks no cached path MTU (IP_PMTUDISC_PROBE), which saves two look-ups a datagram.
int clinuxnet_set_path_mtu_probe(int fd, int family);
/// Leaves the choice of the port to connect(), so that ports can be shared between destinations.
int clinuxnet_set_bind_address_only(int fd);
/// Datagrams that the socket has dropped so far (SO_MEMINFO, Linux 4.12).
int64_t clinuxnet_dropped(int fd);

// Single transfers.
ssize_t clinuxnet_send(int fd, const void *bytes, size_t count, const struct clinuxnet_address *to);
ssize_t clinuxnet_send_from(
    int fd, const void *bytes, size_t count, const struct clinuxnet_address *to, const struct clinuxnet_address *local);
ssize_t clinuxnet_receive(int fd, void *bytes, size_t count, struct clinuxnet_received *record);
/// Sends `count` octets as datagrams of `segment` octets each, the last may be shorter (UDP_SEGMENT, Linux 4.18).
ssize_t clinuxnet_send_segments(int fd, const void *bytes, size_t count, uint16_t segment);
/// Takes one entry off the error queue; 1, or 0 when it is empty.
int clinuxnet_take_error(int fd, struct clinuxnet_error *error);
ssize_t clinuxnet_stream_receive(int fd, void *bytes, size_t count);
/// The same, and when the last of the octets entered the stack, CLOCK_REALTIME; 0 when it was not stamped.
ssize_t clinuxnet_stream_receive_stamped(int fd, void *bytes, size_t count, int64_t *realtime_ns);
ssize_t clinuxnet_read(int fd, void *bytes, size_t count);
ssize_t clinuxnet_write(int fd, const void *bytes, size_t count);

// Batches.
struct clinuxnet_ring *clinuxnet_ring_create(uint32_t slots, uint32_t slot_bytes, int want_source);
void clinuxnet_ring_destroy(struct clinuxnet_ring *ring);
/// Sends slots first ..< first + count; returns how many were taken.
int clinuxnet_ring_send(struct clinuxnet_ring *ring, int fd, uint32_t first, uint32_t count);
/// Receives at most `max` datagrams into slots 0 ..< returned count, and fills their records.
int clinuxnet_ring_receive(struct clinuxnet_ring *ring, int fd, uint32_t max);

// Readiness.
/// Waits for events (CLINUXNET_*) on one descriptor; returns those that fired, 0 on timeout. Negative timeout: forever.
int clinuxnet_poll(int fd, int events, int64_t timeout_ns);
/// Waits on several descriptors at once without leaving anything behind in the kernel, as epoll does.
int clinuxnet_poll_many(struct clinuxnet_watch *watches, int count, int64_t timeout_ns);
int clinuxnet_epoll_create(void);
int clinuxnet_epoll_add(int epoll, int fd, int events, uint64_t token);
int clinuxnet_epoll_modify(int epoll, int fd, int events, uint64_t token);
int clinuxnet_epoll_remove(int epoll, int fd);
int clinuxnet_epoll_wait(int epoll, struct clinuxnet_event *events, int max, int64_t timeout_ns);
int clinuxnet_eventfd(void);

// Clocks. `offset_ns` is realtime minus monotonic, `spread_ns` the width of the bracket it was read in.
int64_t clinuxnet_monotonic_ns(void);
int64_t clinuxnet_realtime_ns(void);
void clinuxnet_clock_offset(int64_t *offset_ns, int64_t *spread_ns);
int clinuxnet_sleep_until(int64_t monotonic_ns);
int64_t clinuxnet_thread_cpu_ns(void);

// Namespaces.
int clinuxnet_open_read_only(const char *path);
int clinuxnet_setns(int fd, int type);
int clinuxnet_unshare(int flags);
int clinuxnet_interface_up(const char *name);
int clinuxnet_same_file(int a, int b);

// Asking the kernel, never changing anything.
/// A netlink socket of this thread's network namespace that never blocks (netlink(7)); write() goes to the kernel.
int clinuxnet_netlink(int protocol);
/// A raw IPv4 socket, whose options tell the tables of legacy iptables and IPVS; needs CAP_NET_RAW.
int clinuxnet_raw_socket(void);
/// getsockopt at the level of IP; `count` is the room in `bytes`, and then what was used of it.
int clinuxnet_ip_option(int fd, int option, void *bytes, uint32_t *count);

/// Opens a file below a folder as if that were the root of all; nothing in the way leads out of it.
int clinuxnet_open_in_root(const char *root, const char *path);

// Threads and processes.
void clinuxnet_set_thread_name(const char *name);
int clinuxnet_pin(int cpu);
int clinuxnet_allowed_cpus(int *cpus, int max);
int clinuxnet_set_parent_death_signal(int signal);
int clinuxnet_process_usage(int64_t *cpu_ns, int64_t *peak_rss_bytes);
/// Asks for the lowest real-time priority (SCHED_RR 1) for this thread, not inherited by what it starts.
int clinuxnet_set_real_time(void);
/// Asks for a short time slice for this thread, which makes it run sooner after a wake-up (Linux 6.12; sched(7)).
int clinuxnet_set_time_slice(uint64_t nanoseconds);
/// Octets that the heap has given out (mallinfo2), mapped ones included.
uint64_t clinuxnet_heap_in_use(void);
/// Gives back free heap, and unmaps the pages of the program and its libraries that nobody wrote to; what is used again
/// comes back from the page cache. Returns how many octets of address space that was.
uint64_t clinuxnet_release_program_pages(void);
/// Sets how late the kernel may wake this thread from a sleep (prctl PR_SET_TIMERSLACK).
int clinuxnet_set_timer_slack(unsigned long nanoseconds);

// Capabilities of the calling thread, as 64-bit masks (capabilities(7)).
int clinuxnet_capabilities(uint64_t *effective, uint64_t *permitted);
int clinuxnet_set_capabilities(uint64_t effective, uint64_t permitted);
int clinuxnet_drop_bounding(uint64_t keep);
int clinuxnet_set_no_new_privileges(void);
int clinuxnet_set_identity(uint32_t user, uint32_t group);

// Signals: the handler only writes the signal's number as one byte to `fd` (async-signal-safe); one `fd` a process.
int clinuxnet_route_signal(int signal, int fd);
int clinuxnet_ignore_signal(int signal);
int clinuxnet_pipe(int *reader, int *writer);
